"""Menu pictures by the API: what is taken, what is kept of it, and who may."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bookings.models import Menu
from bookings.services.menus import make_copies
from softfactory.kernel.pictures import PUBLIC
from tests.bookings.answers import ANY_VERSION, problem, wrong_fields
from tests.kernel.pictures.drawing import drawn
from tests.makers import make_menu

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu(chef):
    return make_menu(chef)


def at(menu):
    return f"/api/coocook/menus/{menu.pk}/picture"


def put(client, menu, content=None, headers=ANY_VERSION, **form):
    file = SimpleUploadedFile("galbi.jpg", content or drawn(size=(1200, 900)), "image/jpeg")
    return client.put(at(menu), {"file": file, **form}, format="multipart", headers=headers)


def test_the_owner_shows_one_with_its_words_and_copies_follow(api, ben, chef, menu):
    answer = put(api(ben), menu, alt="Galbi on a plate")

    assert answer.status_code == 200
    menu.refresh_from_db()
    shown = {"url": f"/media/{menu.picture}", "alt": "Galbi on a plate", "copies": []}
    assert answer.json()["picture"] == shown
    assert answer["ETag"] == api(ben).get(f"/api/coocook/menus/{menu.pk}")["ETag"]
    make_copies(menu.pk)
    (public,) = api().get(f"/api/coocook/chefs/{chef.pk}/menus").json()["results"]
    assert [copy["width"] for copy in public["picture"]["copies"]] == [480, 960]
    assert api().get(public["picture"]["copies"][0]["url"])["Content-Type"] == "image/webp"


def test_another_one_has_copies_of_its_own(api, ben, menu):
    put(api(ben), menu, alt="Galbi")
    make_copies(menu.pk)
    put(api(ben), menu, drawn(size=(600, 400), mode="L"))
    menu.refresh_from_db()
    assert (menu.picture_alt, menu.picture_copies) == ("", [])


def test_what_the_file_says_of_its_maker_is_dropped(api, ben, menu):
    exif = Image.Exif()
    exif[0x010F] = "A camera with a name"
    put(api(ben), menu, drawn(exif=exif.tobytes()))
    menu.refresh_from_db()
    kept = PUBLIC.read(menu.picture)
    assert b"camera" not in kept
    assert not Image.open(BytesIO(kept)).getexif()


def test_it_is_removed(api, ben, menu):
    client = api(ben)
    etag = put(client, menu)["ETag"]
    put(client, menu, alt="Another")
    assert problem(client.delete(at(menu), headers={"If-Match": etag})) == (412, "stale_version")
    assert client.delete(at(menu)).status_code == 204
    assert client.delete(at(menu)).status_code == 204
    assert client.get(f"/api/coocook/menus/{menu.pk}").json()["picture"] is None


def test_what_is_no_picture_is_refused(api, ben, menu):
    client = api(ben)
    assert problem(put(client, menu, drawn()[:400])) == (422, "picture_broken")
    assert problem(put(client, menu, b"%PDF-1.7 <script>")) == (422, "picture_type")
    assert problem(client.put(at(menu), {"alt": "Galbi"}, headers=ANY_VERSION))[0] == 415
    empty = client.put(at(menu), {"alt": "Galbi"}, format="multipart", headers=ANY_VERSION)
    assert wrong_fields(empty) == {"file": "required"}
    hostile = {"owner_id": "1", "name": "../../etc/passwd"}
    assert wrong_fields(put(client, menu, **hostile)) == dict.fromkeys(hostile, "unknown")
    assert wrong_fields(put(client, menu, alt="x" * 301)) == {"alt": "max_length"}
    assert not Menu.objects.exclude(picture="").exists()


def test_it_needs_the_version_that_one_saw(api, ben, menu):
    client = api(ben)
    assert problem(put(client, menu, headers={}))[0] == 428
    stale = {"If-Match": client.get(f"/api/coocook/menus/{menu.pk}")["ETag"]}
    put(client, menu)
    assert problem(put(client, menu, headers=stale)) == (412, "stale_version")


def test_nobody_else_may(api, ana, menu):
    assert problem(put(api(), menu))[0] == 401
    assert problem(put(api(ana), menu)) == (404, "not_found")
    assert problem(api(ana).delete(at(menu))) == (404, "not_found")
