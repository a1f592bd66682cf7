"""What claims to be a picture: only pixels come in, and nobody runs out of memory."""

from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from softfactory.kernel.pictures.fitting import accept
from softfactory.kernel.pictures.opening import open_picture
from softfactory.kernel.pictures.picture import MOST_BYTES
from softfactory.kernel.problems import DomainError
from tests.kernel.pictures.drawing import bomb, drawn

ORIENTATION = 0x0112
PLACE = 0x8825
RED, BLUE = (254, 0, 0), (0, 0, 254)


def refusal_of(content):
    with pytest.raises(DomainError) as refused:
        open_picture(content)
    return refused.value.code


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
    ],
)
def test_opens_what_is_allowed(kind, content_type):
    image, found = open_picture(drawn(kind))

    assert (image.size, found) == ((64, 32), content_type)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "ICO"])
def test_tries_no_other_format(kind):
    assert refusal_of(drawn(kind)) == "picture_type"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
)
def test_refuses_what_is_no_picture(content):
    assert refusal_of(content) in {"picture_type", "picture_broken"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_no_torn_or_mangled_file_is_more_than_a_refusal(kind):
    whole = drawn(kind)
    for cut in range(1, len(whole), max(1, len(whole) // 40)):
        for content in (whole[:cut], whole[:cut] + b"\xff" * 20 + whole[cut + 20 :]):
            with suppress(DomainError):
                open_picture(content)


@pytest.mark.parametrize("size", [(60_000, 60_000), (20_000, 3_000), (13_000, 1), (10_000, 9_000)])
def test_a_bomb_is_not_unpacked(size):
    assert refusal_of(bomb(*size)) == "picture_too_large"


def test_too_many_bytes():
    assert refusal_of(drawn() + bytes(MOST_BYTES)) == "picture_too_large"


def test_a_picture_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned by a quarter

    image, _type = open_picture(drawn(exif=exif, quality=100))

    assert image.size == (32, 64)
    red, _green, blue = image.getpixel((16, 8))
    assert red > 200
    assert blue < 50


def test_nothing_is_kept_of_where_and_by_what_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ana"
    exif.get_ifd(PLACE)[1] = "N"

    content = accept(drawn(exif=exif, comment=b"at home")).content

    kept = Image.open(BytesIO(content))
    assert b"Ana" not in content
    assert b"home" not in content
    assert not kept.getexif()
    assert "icc_profile" not in kept.info


def test_colours_are_as_their_profile_means_them():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    image, _type = open_picture(drawn("PNG", icc_profile=profile))

    assert image.getpixel((1, 1))[0] >= RED[0]
    assert image.getpixel((63, 1))[2] >= BLUE[2]


def test_a_broken_profile_is_done_without():
    image, _type = open_picture(drawn("PNG", icc_profile=b"nonsense"))

    assert image.mode == "RGB"


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("PNG", "LA"), ("PNG", "I;16"), ("JPEG", "CMYK")],
)
def test_any_kind_of_pixel_becomes_three_or_four_channels(kind, mode):
    image, _type = open_picture(drawn(kind, mode=mode))

    assert image.mode in {"RGB", "RGBA"}


def test_of_what_moves_the_first_frame_is_taken():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])

    picture = accept(written.getvalue())

    assert picture.content_type == "image/png"
    image, _type = open_picture(picture.content)
    assert image.getpixel((4, 4))[:3] == (255, 0, 0)
