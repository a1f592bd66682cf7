"""Text as the paper's one font sets it: how wide it is, where it breaks, what it can't show."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NAME = "Pretendard"
FILE = Path(__file__).parent / "fonts" / "pretendard.ttf"
UNKNOWN = "□"


@cache
def _signs() -> Any:
    """Return the signs that the font has, by code point; it is read when it is first needed."""
    font = TTFont(NAME, FILE)
    pdfmetrics.registerFont(font)
    return font.face.charToGlyph


def font() -> str:
    """Return the font's name, which can be drawn with from now on."""
    _signs()
    return NAME


def printable(text: str) -> str:
    """Return the text in one line, with □ for what the font has no sign for."""
    signs = _signs()
    return "".join(c if ord(c) in signs else UNKNOWN for c in " ".join(text.split()))


def width(text: str, size: float) -> float:
    """Return how wide a printable text is, in points."""
    return pdfmetrics.stringWidth(text, font(), size)


def lines(text: str, *, size: float, most: float) -> Iterator[str]:
    """Break a text between its words; a word that is too wide by itself, anywhere."""
    line = ""
    for word in printable(text).split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= most:
            line = longer
            continue
        if line:
            yield line
        line = word
        while width(line, size) > most:
            fits = next(
                n for n in range(len(line), 0, -1) if n == 1 or width(line[:n], size) <= most
            )
            yield line[:fits]
            line = line[fits:]
    yield line
