"""Pictures for links that people share: of the size that networks show, cut or drawn.

Pillow comes with this module: a service imports it where a picture is to be made, not before.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

from softfactory.kernel.pictures.fonts import font_file
from softfactory.kernel.pictures.opening import open_picture
from softfactory.kernel.pictures.picture import Picture

#: What Open Graph's readers show whole. Source: https://developers.facebook.com/docs/sharing.
SIZE = (1200, 630)
QUALITY = 82

# The site's own card: its name above, dishes on the right, and room for words, which are replaced.
CARD = settings.BASE_DIR / "static" / "brand" / "open-graph.png"
WORDS = (0, 180, 636, 630)
INK, MUTED = "#2b1f19", "#6b5a4e"
LEFT, WIDTH, BOTTOM = 72, 540, 566
TITLE_SIZES, MOST_ROWS, LINE_SIZE = (84, 68, 56), 3, 36


def covering(content: bytes) -> Picture:
    """Return the middle of a picture, in that size. Raises DomainError as `open_picture` does."""
    image, _content_type = open_picture(content)
    cut = ImageOps.fit(image.convert("RGB"), SIZE, Image.Resampling.LANCZOS)
    return _as_jpeg(cut)


def titled(title: str, line: str) -> Picture:
    """Return a card with a title and a line below it. Raises FileNotFoundError without a font."""
    card = Image.open(CARD).convert("RGB")
    draw = ImageDraw.Draw(card)
    draw.rectangle(WORDS, fill=card.getpixel((0, 0)))
    below = _font(LINE_SIZE)
    draw.text((LEFT, BOTTOM), _cut(line, below), font=below, fill=MUTED, anchor="ls")
    rows, font = _fitting(title)
    for above, row in enumerate(reversed(rows)):
        baseline = BOTTOM - 2 * LINE_SIZE - round(above * font.size * 1.2)
        draw.text((LEFT, baseline), row, font=font, fill=INK, anchor="ls")
    return _as_jpeg(card)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    file = font_file()
    if file is None:
        raise FileNotFoundError("No font here has Korean.")
    path, which = file
    return ImageFont.truetype(path, size, index=which)


def _fitting(title: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The title in a few rows, in the largest letters that leave it whole."""
    for size in TITLE_SIZES:
        font = _font(size)
        rows = _rows(title.split(), font)
        if len(rows) <= MOST_ROWS and all(font.getlength(row) <= WIDTH for row in rows):
            return rows, font
    return [_cut(row, font) for row in rows[:MOST_ROWS]], font


def _rows(words: Sequence[str], font: ImageFont.FreeTypeFont) -> list[str]:
    rows = [""]
    for word in words:
        longer = f"{rows[-1]} {word}".strip()
        if not rows[-1] or font.getlength(longer) <= WIDTH:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= WIDTH:
        return text
    kept = len(text)
    while kept and font.getlength(f"{text[:kept]}…") > WIDTH:
        kept -= 1
    return f"{text[:kept]}…"


def _as_jpeg(image: Image.Image) -> Picture:
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(written.getvalue(), "image/jpeg", *SIZE)
