"""A chef's short address, and what machines read on the chef's page."""

import json
import re
from io import BytesIO

import pytest
from PIL import Image

from bookings.models import Chef
from bookings.views.sharing import short_name
from softfactory.kernel.pictures import PUBLIC
from softfactory.kernel.pictures.fitting import accept
from softfactory.kernel.pictures.fonts import font_file
from softfactory.kernel.pictures.sharing import titled
from tests.kernel.pictures.drawing import drawn
from tests.makers import make_chef, make_menu, make_review

pytestmark = pytest.mark.django_db

EVIL = '</script><script>alert("1")</script> & <!--'


def data_of(page):
    """The JSON-LD of a page."""
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


@pytest.mark.parametrize("was", ["{}", "soo-ah-{}", "another-name-{}", "수아-{}", "a-1-{}"])
def test_the_number_alone_says_who(client, chef, was):
    answer = client.get(f"/c/{was.format(chef.pk)}")
    assert (answer.status_code, answer.url) == (302, f"/coocook/chefs/{chef.pk}")


def test_it_ends_in_the_name_and_the_number(chef):
    chef.name = "Soo-ah Lim & Söhne"
    assert short_name(chef) == f"soo-ah-lim-sohne-{chef.pk}"
    chef.name = "임수아"
    assert short_name(chef) == str(chef.pk)


@pytest.mark.parametrize("named", ["nobody", "0", "a-0", "-", "9" * 19, "99999", "a-%2e", "1e3"])
def test_others_lead_nowhere(client, named):
    assert client.get(f"/c/{named}").status_code == 404


def test_a_chef_who_takes_no_bookings_has_none(client):
    chef = make_chef(is_active=False)
    assert client.get(f"/c/{chef.pk}").status_code == 404


def test_the_page_says_what_it_is(client, chef):
    make_review(chef, rating=4)
    page = client.get(f"/coocook/chefs/{chef.pk}").content.decode()
    data = data_of(page)

    assert (data["@type"], data["name"]) == ("FoodEstablishment", chef.name)
    assert data["makesOffer"]["priceSpecification"] == {
        "@type": "PriceSpecification",
        "minPrice": "230000",
        "priceCurrency": "KRW",
    }
    assert data["aggregateRating"]["ratingValue"] == 4.0
    assert data["url"].endswith(f"/coocook/chefs/{chef.pk}")
    assert f'<meta property="og:title" content="{chef.name}">' in page


def test_a_name_stays_a_name(client, ben):
    chef = make_chef(ben, name=EVIL[:100], bio=EVIL)
    page = client.get(f"/coocook/chefs/{chef.pk}").content.decode()
    assert data_of(page)["name"] == chef.name
    assert 'alert("1")</script>' not in page


def test_the_dashboard_shows_it(browse, ben, chef):
    page = browse(ben).get("/coocook/dashboard")
    assert page.context["short_address"] == f"http://testserver/c/{short_name(chef)}"


def shared(client, chef):
    """Where the page says that the picture of a link to it is, without the host."""
    page = client.get(f"/coocook/chefs/{chef.pk}").content.decode()
    [address] = re.findall(r'og:image" content="https?://[^/]+([^"]+)"', page)
    [alt] = re.findall(r'og:image:alt" content="([^"]*)"', page)
    return address, alt


def size_of(answer):
    return Image.open(BytesIO(answer.content)).size


def test_a_link_shows_a_card_with_the_name(client, chef, django_assert_num_queries):
    if font_file() is None:
        pytest.skip("No font here has Korean.")
    address, alt = shared(client, chef)
    assert (address.endswith(".jpg"), alt) == (True, f"{chef.name}, Korean · Seoul")

    answer = client.get(address)

    assert size_of(answer) == (1200, 630)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    with django_assert_num_queries(0):
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    Chef.objects.filter(pk=chef.pk).update(name="임수아")
    assert shared(client, chef)[0] != address


def test_a_link_shows_the_first_dish_of_the_menus(client, chef):
    make_menu(chef)
    menu = make_menu(chef, title="Winter", picture=PUBLIC.keep(accept(drawn(size=(900, 900)))))
    make_menu(chef, picture=PUBLIC.keep(accept(drawn("PNG", mode="RGBA"))))

    address, alt = shared(client, chef)

    assert alt == f"Winter, {chef.name}"
    assert size_of(client.get(address)) == (1200, 630)
    before = re.sub("[0-9a-f]{40}", "0" * 40, address)
    assert client.get(before).url == address
    menu.picture = ""
    menu.save()
    assert shared(client, chef)[0] != address


def test_without_a_font_it_is_the_sites_own(client, chef, monkeypatch):
    monkeypatch.setattr("bookings.services.sharing.font_file", lambda: None)
    assert "open-graph" in shared(client, chef)[0]
    assert client.get(f"/coocook/chefs/{chef.pk}/share/{'0' * 40}.jpg").status_code == 404


def test_nobodys_picture_is_drawn(client, chef):
    for pk in (chef.pk + 1, make_chef(is_active=False).pk):
        assert client.get(f"/coocook/chefs/{pk}/share/x.jpg").status_code == 404
    lost = make_menu(chef, picture=f"{'a' * 40}.jpg")
    address, _alt = shared(client, lost.chef)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["임", "A very long name of somebody " * 3, "W" * 100, " "])
def test_a_card_has_room_for_any_name(name):
    if font_file() is None:
        pytest.skip("No font here has Korean.")
    card = titled(name, name * 9)
    assert (card.width, card.height, card.content[:2]) == (1200, 630, b"\xff\xd8")
