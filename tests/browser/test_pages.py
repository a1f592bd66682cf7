"""Pages of CooCook and plans: fit for whoever cannot see, for the night, and for a small screen."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.makers import (
    make_booking,
    make_chef,
    make_delivery,
    make_product,
    make_review,
    make_series,
    make_subscription,
    noon_utc,
)

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = [
    "/",
    "/coocook/explore",
    "/coocook/explore?cuisine=Martian&guests=0&available_on=soon",
    "/coocook/chefs/{chef}",
    "/coocook/chefs/{chef}/reviews",
    "/coocook/chefs/0",
    "/pricing",
]
OF_ANA = [
    "/coocook/chefs/{chef}/book",
    "/coocook/chefs/{chef}/book?starts_at=2020-01-01T00:00Z&guests=99",
    "/coocook/bookings",
    "/coocook/bookings?show=past",
    "/coocook/bookings/{booking}",
    "/coocook/bookings/{booking}/cancel",
    "/coocook/chefs/{chef}/repeat?starts_at={start}&duration_hours=2&guests=2",
    "/coocook/series/{series}/cancel",
    "/coocook/requests",
    "/payments/cards",
    "/subscriptions/{subscription}",
    "/subscriptions/{subscription}/change/{plan}",
    "/invoices/{invoice}",
    "/account/webhooks",
    "/account/webhooks/new",
    "/account/webhooks/{endpoint}",
    "/account/webhook-deliveries/{delivery}",
]
OF_BEN = [
    "/coocook/requests",
    "/coocook/bookings",
    "/coocook/bookings/{booking}",
    "/coocook/bookings/{booking}/decline",
    "/coocook/series/{series}",
]
PAGES = [
    *((None, path) for path in PUBLIC),
    *(("ana", path) for path in OF_ANA),
    *(("ben", path) for path in OF_BEN),
]


@pytest.fixture
def visit(visitors, live_server, ana, ben, chef, request):
    """`visit("ana", path, width=…)` opens a page as Ana, on a site with something on every page."""
    make_product()
    make_review(chef, rating=4)
    make_chef(name="Chef with a very long name that goes on and on", cuisine="Vietnamese")
    booking = make_booking(chef, ana, special_requests="x" * 90)
    make_booking(chef, ana, starts_at=noon_utc(9), status="confirmed")

    subscription = make_subscription(ana)
    delivery = make_delivery(ana)
    rows = {
        "chef": chef.pk,
        "booking": booking.pk,
        "series": make_series(chef, ana).pk,
        "start": f"{noon_utc(14):%Y-%m-%dT%H:%M}Z",
        "subscription": subscription.pk,
        "plan": subscription.product.plans.by_rank().last().pk,
        "invoice": subscription.invoices.get().pk,
        "endpoint": delivery.endpoint_id,
        "delivery": delivery.pk,
    }

    def opened(who, path, **options):
        context = visitors(**options)
        if who:
            client = Client()
            client.force_login({"ana": ana, "ben": ben}[who])
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(path.format_map(rows), wait_until="networkidle")
        return page

    return opened


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing(visit, who, path, theme):
    page = visit(who, path, color_scheme=theme, reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("prefix", ["", "/ko"])
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_fits_a_small_screen_in_its_language_with_headings_in_order(visit, who, path, prefix):
    page = visit(who, prefix + path, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.evaluate("document.documentElement.lang") == (prefix.strip("/") or "en")


def test_visitor_elsewhere_sees_their_own_time_too(visit):
    page = visit(None, "/coocook/chefs/{chef}", timezone_id="Europe/Paris")
    chip = page.get_by_role("list", name="Free times").get_by_role("link").first
    here, yours = map(int, re.findall(r"(\d\d):\d\d", chip.inner_text()))
    assert (here - yours) % 24 in (7, 8)  # hours that Seoul is ahead of Paris
    assert page.locator(".times .moment__yours").count() > 0
    assert page.get_by_text("In brackets: your own.").is_visible()


def test_visitor_in_the_same_zone_sees_one_time(visit):
    page = visit(None, "/coocook/chefs/{chef}", timezone_id="Asia/Seoul")
    assert page.locator(".times .moment__yours").count() == 0
    assert page.get_by_text("In brackets: your own.").is_hidden()
