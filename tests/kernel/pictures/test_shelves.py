"""Where pictures lie, and who is shown them."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse

from softfactory.kernel import clock
from softfactory.kernel.http import BodyLimitMiddleware
from softfactory.kernel.pictures import PRIVATE, PUBLIC
from softfactory.kernel.pictures.fitting import accept
from tests.kernel.pictures.drawing import drawn

MEGABYTE = 1_000_000
DAY = timedelta(days=1)
LATER = clock.now() + DAY


def made_old(path):
    """Let a file be of two days ago."""
    then = (clock.now() - 2 * DAY).timestamp()
    os.utime(path, (then, then))


@pytest.fixture
def picture():
    return accept(drawn("PNG"))


def test_a_picture_is_read_as_it_was_kept(picture):
    assert PRIVATE.read(PRIVATE.keep(picture)) == picture.content


def test_the_same_picture_lies_there_once(picture):
    assert PRIVATE.keep(picture) == PRIVATE.keep(picture)


def test_nothing_lies_beside_it(picture):
    folder = PUBLIC.path(PUBLIC.keep(picture)).parent

    assert [path.suffix for path in folder.iterdir()] == [".png"]


def test_what_is_forgotten_is_gone(picture):
    name = PRIVATE.keep(picture)

    assert PRIVATE.forget(name, kept_before=LATER)
    assert not PRIVATE.forget(name, kept_before=LATER)

    with pytest.raises(FileNotFoundError):
        PRIVATE.read(name)


def test_what_was_kept_again_meanwhile_stays(picture):
    name = PRIVATE.keep(picture)
    made_old(PRIVATE.path(name))
    PRIVATE.keep(picture)

    assert not PRIVATE.forget(name, kept_before=LATER - 2 * DAY)
    assert PRIVATE.read(name) == picture.content


def test_what_is_kept_while_it_goes_is_written_anew(picture, monkeypatch):
    name = PRIVATE.keep(picture)
    made_old(PRIVATE.path(name))
    unlink = Path.unlink

    def slow(path, **kwargs):
        with monkeypatch.context() as undone:
            undone.setattr(Path, "unlink", unlink)
            PRIVATE.keep(picture)
        unlink(path, **kwargs)

    monkeypatch.setattr(Path, "unlink", slow)
    assert PRIVATE.forget(name, kept_before=clock.now() - DAY)

    assert PRIVATE.read(name) == picture.content


def test_leftovers_of_who_was_killed_are_cleared(picture):
    path = PRIVATE.path(PRIVATE.keep(picture))
    left, fresh = path.with_name("tmpabc"), path.with_name("tmpdef")
    left.touch()
    fresh.touch()
    made_old(left)

    PRIVATE.clear_leftovers(before=clock.now() - DAY)

    assert (left.exists(), fresh.exists(), path.exists()) == (False, True, True)
    assert PRIVATE.names() >= {path.name}
    assert "tmpdef" not in PRIVATE.names()


def test_it_is_looked_after_once_a_day(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    now = clock.now()

    begun = [
        PRIVATE.begin_round(every=DAY, now=now + after)
        for after in (0 * DAY, DAY / 2, DAY, DAY * 1.5, -DAY)
    ]

    assert begun == [True, False, True, False, True]


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "a" * 40 + ".svg", "A" * 40 + ".png"]
)
def test_a_name_leads_nowhere_else(name):
    with pytest.raises(FileNotFoundError):
        PUBLIC.read(name)


def test_a_public_picture_is_kept_for_good(client, picture):
    name = PUBLIC.keep(picture)

    answer = client.get(f"/media/{name}")

    assert answer.content == picture.content
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"/media/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_private_picture_is_not_shown_there(client):
    name = PRIVATE.keep(accept(drawn("PNG", size=(9, 9))))

    assert client.get(f"/media/{name}").status_code == 404


FORM = "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("address", "content_type", "length", "is_refused"),
    [
        ("/social/posts/new", FORM, 5 * MEGABYTE, False),
        ("/ko/social/posts/new", FORM, 5 * MEGABYTE, False),
        ("/social/posts/new", FORM, settings.UPLOAD_MAX_SIZE + 1, True),
        ("/social/posts/new", "text/plain", 5 * MEGABYTE, True),
        ("/account/webhooks/new", FORM, 5 * MEGABYTE, True),
    ],
)
def test_forms_have_room_where_files_are_taken(rf, address, content_type, length, is_refused):
    request = rf.post(address, CONTENT_TYPE=content_type, CONTENT_LENGTH=str(length))

    answer = BodyLimitMiddleware(lambda request: HttpResponse())(request)

    assert (answer.status_code == 413) is is_refused
