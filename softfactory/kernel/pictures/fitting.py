"""Making pictures fit: so many bytes, such an edge, these types, and the widths of a page.

Pillow comes with this module (4 MB): a service imports it where a picture is there, not before.
"""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from softfactory.kernel.pictures.opening import open_picture
from softfactory.kernel.pictures.picture import Limits, Picture
from softfactory.kernel.problems import DomainError

#: Of a picture that is shown at most as wide as a page.
WIDTHS = (480, 960, 1600)

#: What is kept of an upload: enough for any network and screen.
KEPT_EDGE = 4_000

# From what nobody can tell from the original to what one may just bear.
QUALITIES = (90, 82, 72, 60)
SMALLER = 0.8  # of the edge, once the worst quality is still too large
LEAST_EDGE = 64


def accept(content: bytes) -> Picture:
    """Return what is kept of an upload: its pixels in an encoding of ours.

    A PNG or GIF stays without loss, as PNG. Raises DomainError as `open_picture` does.
    """
    image, content_type = open_picture(content)
    image = _within(image, KEPT_EDGE)
    is_drawn = content_type in {"image/png", "image/gif"}
    return _encoded(image, "image/png" if is_drawn else content_type, QUALITIES[0])


def fit(content: bytes, limits: Limits) -> Picture:
    """Return the picture within the limits, as good as they allow: in its own type if it is taken,
    else in the first that is; what can be seen through becomes white where a type knows no such
    thing.

    Raises DomainError (`picture_too_large`) where no size fits, or as `open_picture` does.
    """
    image, content_type = open_picture(content)
    image = _within(image, _edge(image, limits))
    while True:
        for candidate, quality in _ways(image, content_type, limits.types):
            picture = _encoded(image, candidate, quality)
            if len(picture.content) <= limits.most_bytes:
                return picture
        if max(image.size) < LEAST_EDGE:
            raise DomainError(
                "picture_too_large",
                _("The picture can't be made small enough. Choose another one."),
            )
        image = _within(image, round(max(image.size) * SMALLER))


def widths(picture: Picture, wanted: Sequence[int] = WIDTHS) -> list[Picture]:
    """Return the picture as WebP in each of these widths that is narrower than it is."""
    image, _content_type = open_picture(picture.content)
    return [
        _encoded(image.resize((width, _height(image, width))), "image/webp", QUALITIES[1])
        for width in wanted
        if width < image.width
    ]


def _height(image: Image.Image, width: int) -> int:
    return max(1, round(image.height * width / image.width))


def _edge(image: Image.Image, limits: Limits) -> int:
    """The longest edge that both limits leave."""
    if limits.most_pixels is None:
        return limits.longest_edge
    share = min(1.0, (limits.most_pixels / (image.width * image.height)) ** 0.5)
    return min(limits.longest_edge, int(max(image.size) * share))


def _within(image: Image.Image, edge: int) -> Image.Image:
    if max(image.size) <= edge:
        return image
    ratio = edge / max(image.size)
    width, height = (max(1, round(side * ratio)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _ways(image: Image.Image, own: str, types: Sequence[str]) -> list[tuple[str, int]]:
    """Types and qualities to try, best first: a drawing without loss, then whatever loses some."""
    first = own if own in types else types[0]
    lossy = next((kind for kind in ("image/webp", "image/jpeg") if kind in types), first)
    if image.mode == "RGB" and "image/jpeg" in types and own != "image/webp":
        lossy = "image/jpeg"
    whole = [(first, QUALITIES[0])] if first != lossy else []
    return [*whole, *((lossy, quality) for quality in QUALITIES)]


def _encoded(image: Image.Image, content_type: str, quality: int) -> Picture:
    """Only the pixels are written: no place, no camera, no profile, no comment."""
    bare = image.copy()
    bare.info = {}
    if content_type == "image/jpeg" and bare.mode == "RGBA":
        bare = _on_white(bare)
    written = BytesIO()
    match content_type:
        case "image/jpeg":
            bare.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
        case "image/webp":
            bare.save(written, "WEBP", quality=quality, method=4)
        case "image/gif":
            bare.save(written, "GIF")
        case _:
            bare.save(written, "PNG", optimize=max(bare.size) <= 1_600)
    return Picture(written.getvalue(), content_type, bare.width, bare.height)


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
