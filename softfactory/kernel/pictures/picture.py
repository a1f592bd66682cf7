"""A picture as bytes of ours, and what somebody takes of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

#: By Pillow's name of a format. Whatever else Pillow can read is not even tried.
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}

MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000  # 200 MB while it is open
LONGEST_EDGE = 12_000


@dataclass(frozen=True)
class Picture:
    """A picture as bytes of ours."""

    content: bytes
    content_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Limits:
    """What somebody takes: at most so many bytes, an edge of so many pixels, these types; and so
    many pixels in all, if that counts.
    """

    most_bytes: int
    longest_edge: int
    types: Sequence[str] = ("image/jpeg", "image/png", "image/webp")
    most_pixels: int | None = None
