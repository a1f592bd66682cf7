"""Pictures as strangers send them, drawn here."""

import struct
import zlib
from io import BytesIO
from random import Random

from PIL import Image


def drawn(kind: str = "JPEG", size: tuple[int, int] = (64, 32), mode: str = "RGB", **save) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    image.convert(mode).save(written, kind, **save)
    return written.getvalue()


def noise(size: tuple[int, int], kind: str = "PNG") -> bytes:
    """A picture that can't be made small without loss, the same each time."""
    image = Image.frombytes("RGB", size, Random(7).randbytes(size[0] * size[1] * 3))
    written = BytesIO()
    image.save(written, kind)
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it is, and has no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )
