"""Pictures of posts: kept once, described, and made to fit each network."""

import pytest

from sns.networks.protocol import PictureRules
from sns.services.pictures import add_picture, describe_picture, fitted
from softfactory.kernel.pictures import PRIVATE
from softfactory.kernel.problems import DomainError
from tests.kernel.pictures.drawing import drawn

pytestmark = pytest.mark.django_db


def test_an_upload_is_kept_and_described(ana):
    media = add_picture(owner=ana, content=drawn(), alt=" Kimchi on rice ")

    assert (media.width, media.height, media.content_type) == (64, 32, "image/jpeg")
    assert media.alt == "Kimchi on rice"
    assert len(PRIVATE.read(media.name)) == media.size


def test_what_is_no_picture_leaves_no_row(ana):
    with pytest.raises(DomainError):
        add_picture(owner=ana, content=b"nothing")

    assert not type(add_picture(owner=ana, content=drawn())).objects.exclude(owner=ana).exists()


def test_a_new_description_moves_the_version_and_the_same_one_does_not(ana):
    media = add_picture(owner=ana, content=drawn())
    first = media.version

    describe_picture(media=media, alt="Kimchi")
    media.refresh_from_db()
    after = media.version
    describe_picture(media=media, alt="Kimchi ")
    media.refresh_from_db()

    assert (media.alt, media.version) == ("Kimchi", after)
    assert after > first


def test_each_network_gets_a_copy_that_it_takes(ana):
    media = add_picture(owner=ana, content=drawn("PNG", size=(3_000, 1_500)), alt="Rice")

    picture = fitted(media, PictureRules(4, 200_000, 1_000, ("image/jpeg",), most_pixels=180_000))

    assert (picture.width, picture.height, picture.content_type) == (600, 300, "image/jpeg")
    assert len(picture.content) <= 200_000
    assert picture.alt == "Rice"
