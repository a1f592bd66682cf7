"""Pictures that no post names are pruned: rows a week later, and files that no row names."""

import logging
import os
from datetime import timedelta

import pytest

from sns.models import Media, PostMedia
from sns.services import pictures
from sns.services.pictures import add_picture, delete_picture, prune_pictures
from sns.services.writing import edit_post, write_post
from softfactory.kernel import clock
from softfactory.kernel.pictures import PRIVATE
from softfactory.kernel.problems import InvalidRequest
from tests.kernel.pictures.drawing import drawn
from tests.sns.makers import make_publication

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _shelf(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def media(ana):
    return add_picture(owner=ana, content=drawn())


def is_there(media):
    return media.name in PRIVATE.names()


def later(days):
    return clock.now() + days * DAY


def test_a_week_after_the_upload_row_and_file_are_gone(media):
    assert prune_pictures(later(6)) == 0
    assert is_there(media)

    assert prune_pictures(later(8)) == 1

    assert not Media.objects.exists()
    assert not is_there(media)


def test_what_a_post_shows_stays_until_it_does_no_more(ana, media):
    post = write_post(user=ana, owner=ana, now=clock.now(), text="x", media=[media.pk])
    assert prune_pictures(later(8)) == 0
    assert is_there(media)

    edit_post(user=ana, post=post, versions=None, now=clock.now(), media=[])

    assert prune_pictures(later(9)) == 1


def test_what_is_being_sent_stays(ana, account, media):
    content = {"texts": ["x"], "pictures": [media.pk], "link": "", "title": ""}
    content |= {"created_at": clock.now().isoformat()}
    make_publication(account, state="unconfirmed", content=content)

    assert prune_pictures(later(8)) == 0
    assert Media.objects.exists()


def test_it_is_done_once_a_day(ana, media):
    prune_pictures(later(8))
    add_picture(owner=ana, content=drawn())
    Media.objects.update(updated_at=later(-8))

    assert prune_pictures(later(8.5)) == 0
    assert prune_pictures(later(9)) == 1


def test_a_post_that_is_composed_meanwhile_keeps_its_picture(ana, media, monkeypatch):
    shown = pictures._is_shown

    def first_composed(row):
        write_post(user=ana, owner=ana, now=clock.now(), text="x", media=[row.pk])
        return shown(row)

    monkeypatch.setattr(pictures, "_is_shown", first_composed)
    assert prune_pictures(later(8)) == 0
    assert PostMedia.objects.get().media == media


def test_a_post_for_what_was_pruned_says_so(ana, media):
    prune_pictures(later(8))

    with pytest.raises(InvalidRequest) as refused:
        write_post(user=ana, owner=ana, now=clock.now(), text="x", media=[media.pk])
    assert refused.value.errors[0]["field"] == "media"


def test_one_file_of_two_rows_stays_for_the_other(ana, ben, media):
    other = add_picture(owner=ben, content=drawn())
    assert other.name == media.name
    write_post(user=ben, owner=ben, now=clock.now(), text="x", media=[other.pk])

    assert prune_pictures(later(8)) == 1
    assert is_there(other)


def test_a_file_without_a_row_goes_once_it_is_old(ana, media):
    write_post(user=ana, owner=ana, now=clock.now(), text="x", media=[media.pk])
    stray = PRIVATE.path("ab" * 20 + ".jpg")
    stray.parent.mkdir()
    stray.touch()

    prune_pictures(clock.now())
    assert stray.exists()
    prune_pictures(later(1))

    assert (stray.exists(), is_there(media)) == (False, True)


def test_a_row_without_a_file_is_found(ana, media, caplog):
    write_post(user=ana, owner=ana, now=clock.now(), text="x", media=[media.pk])
    PRIVATE.path(media.name).unlink()

    with caplog.at_level(logging.ERROR):
        prune_pictures(clock.now())

    assert f"Pictures without their file: 1, such as [{media.pk}]" in caplog.text


def test_what_is_deleted_takes_its_file_along(ana, media, django_capture_on_commit_callbacks):
    old = (clock.now() - DAY).timestamp()
    os.utime(PRIVATE.path(media.name), (old, old))

    with django_capture_on_commit_callbacks(execute=True):
        delete_picture(media=media)

    assert not is_there(media)


def test_what_somebody_uploads_again_meanwhile_is_not_taken_along(
    ana, ben, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        delete_picture(media=media)
        PRIVATE.keep(_picture())

    assert is_there(media)


def _picture():
    from softfactory.kernel.pictures.fitting import accept

    return accept(drawn())
