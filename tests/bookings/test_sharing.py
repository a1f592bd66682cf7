"""A chef's short address, and what machines read on the chef's page."""

import json
import re

import pytest

from bookings.views.sharing import short_name
from tests.makers import make_chef, make_review

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
