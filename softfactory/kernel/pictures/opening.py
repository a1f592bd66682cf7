"""Opening a file that claims to be a picture: what it is, how large, and which side is up."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from softfactory.kernel.pictures.picture import FORMATS, LONGEST_EDGE, MOST_BYTES, MOST_PIXELS
from softfactory.kernel.problems import DomainError

_SRGB = ImageCms.createProfile("sRGB")


def open_picture(content: bytes) -> tuple[Image.Image, str]:
    """Return the pixels, upright, as RGB or RGBA in sRGB, and the content type of the file.

    Of one that moves it is the first frame. Raises DomainError (`picture_too_large`,
    `picture_type`, `picture_broken`).
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    opened = _opened(content)
    width, height = opened.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_EDGE:
        raise _too_large()
    try:
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        return _in_srgb(_as_rgb(upright), upright.info.get("icc_profile")), FORMATS[_format(opened)]
    except Exception as error:  # decoders raise whatever rubbish leads them to
        raise _broken() from error


def _opened(content: bytes) -> Image.Image:
    """The header alone is read: pixels only once their number is known."""
    try:
        return Image.open(BytesIO(content), formats=list(FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise DomainError(
            "picture_type",
            _("This is no picture that we can read. Choose a JPEG, PNG, WebP or GIF file."),
        ) from error
    except Exception as error:
        raise _broken() from error


def _format(opened: Image.Image) -> str:
    return opened.format or ""


def _as_rgb(image: Image.Image) -> Image.Image:
    """Palettes, greys, inks and sixteen bits become three or four channels of eight."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256, "L")
    sees_through = image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info
    return image.convert("RGBA" if sees_through else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the profile means them, which goes with the rest of what the file says."""
    if not profile:
        return image
    try:
        inside = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, inside, _SRGB, outputMode=image.mode)
    except (ImageCms.PyCMSError, OSError):  # of another kind of colour, or broken: as it is
        return image
    return converted or image


def _too_large() -> DomainError:
    message = _(
        "The picture is too large. Send one of at most %(megabytes)s MB and %(edge)s pixels."
    )
    limits = {"megabytes": MOST_BYTES // 1_000_000, "edge": LONGEST_EDGE}
    return DomainError("picture_too_large", message % limits)


def _broken() -> DomainError:
    return DomainError(
        "picture_broken", _("The picture is broken. Save it anew, or choose another one.")
    )
