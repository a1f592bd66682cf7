"""Pictures within limits, and in the widths of a page."""

from io import BytesIO

import pytest
from PIL import Image

from softfactory.kernel.pictures import Limits
from softfactory.kernel.pictures.fitting import accept, fit, widths
from softfactory.kernel.pictures.opening import open_picture
from softfactory.kernel.problems import DomainError
from tests.kernel.pictures.drawing import drawn, noise


def test_what_fits_keeps_its_size_and_type():
    picture = fit(drawn("PNG"), Limits(1_000_000, 2_000))

    assert (picture.width, picture.height, picture.content_type) == (64, 32, "image/png")


def test_the_longest_edge():
    picture = fit(drawn(size=(3_000, 1_000)), Limits(1_000_000, 1_200))

    assert (picture.width, picture.height) == (1_200, 400)


def test_so_many_pixels_in_all():
    picture = fit(drawn(size=(1_000, 500)), Limits(1_000_000, 2_000, most_pixels=20_000))

    assert (picture.width, picture.height) == (200, 100)


@pytest.mark.parametrize("most", [1_000_000, 300_000, 40_000])
def test_so_many_bytes(most):
    picture = fit(noise((900, 600)), Limits(most, 2_000))

    assert len(picture.content) <= most
    assert picture.width / picture.height == pytest.approx(1.5, rel=0.02)


def test_an_allowed_type():
    picture = fit(drawn("WEBP"), Limits(1_000_000, 2_000, ["image/jpeg"]))

    assert picture.content_type == "image/jpeg"


def test_what_one_sees_through_is_white_in_a_jpeg():
    picture = fit(clear(), Limits(1_000_000, 2_000, ["image/jpeg"]))

    image, _type = open_picture(picture.content)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_what_one_sees_through_stays_so_where_it_can():
    picture = fit(clear(), Limits(1_000_000, 2_000, ["image/jpeg", "image/png"]))

    assert picture.content_type == "image/png"


def test_limits_that_nothing_fits():
    with pytest.raises(DomainError) as refused:
        fit(noise((200, 200)), Limits(50, 2_000))

    assert refused.value.code == "picture_too_large"


def test_the_same_picture_is_the_same_bytes():
    assert accept(noise((50, 50))) == accept(noise((50, 50)))


def test_an_upload_is_kept_no_larger_than_anybody_shows_it():
    assert accept(drawn(size=(5_000, 10))).width == 4_000


def test_widths_of_a_page():
    made = widths(accept(drawn(size=(1_200, 300))))

    assert [(p.width, p.height, p.content_type) for p in made] == [
        (480, 120, "image/webp"),
        (960, 240, "image/webp"),
    ]


def clear():
    written = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    return written.getvalue()
