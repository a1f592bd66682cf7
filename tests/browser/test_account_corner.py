"""The corner that knows who is looking, on pages that do not; and what is fetched ahead."""

import re

import pytest
from playwright.sync_api import expect

from tests.makers import PASSWORD, make_chef

pytestmark = pytest.mark.django_db(transaction=True)

MENU = "/fragments/account-menu"


@pytest.fixture
def asked(page):
    """The paths that the browser asked for."""
    paths = []
    page.on("request", lambda request: paths.append(re.sub(r"^https?://[^/]+", "", request.url)))
    return paths


def test_who_is_not_signed_in_asks_for_no_menu_and_is_led_back(page, asked):
    page.goto("/coocook/explore?guests=3", wait_until="networkidle")

    corner = page.get_by_role("banner")
    expect(corner.get_by_role("link", name="Sign up")).to_be_visible()
    expect(corner.get_by_role("link", name="Account")).to_be_hidden()
    assert MENU not in asked
    corner.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/accounts/login?next=%2Fcoocook%2Fexplore%3Fguests%3D3")
    page.get_by_role("banner").get_by_role("link", name="Sign up").click()
    page.wait_for_url("**/accounts/signup")


def test_signing_in_brings_the_menu_to_public_pages_and_signing_out_takes_it(page, asked, ana):
    page.goto("/accounts/login?next=/coocook/explore")
    page.get_by_label("E-mail").fill(ana.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/coocook/explore")

    corner = page.get_by_role("banner")
    corner.get_by_text("Ana").click()
    expect(corner.get_by_role("link", name="Sign in")).to_be_hidden()
    corner.get_by_role("button", name="Sign out").click()
    expect(corner.get_by_role("link", name="Sign in")).to_be_visible()
    asked.clear()
    page.goto("/coocook/explore", wait_until="networkidle")
    assert MENU not in asked


def test_a_session_that_is_over_is_noticed_once(page, asked, context, live_server):
    context.add_cookies([{"name": "signed_in", "value": "1", "url": live_server.url}])
    page.goto("/coocook/explore", wait_until="networkidle")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/", wait_until="networkidle")
    assert asked.count(MENU) == 1


def test_without_script_there_is_a_way_to_ones_account(visitors):
    page = visitors(java_script_enabled=False).new_page()
    page.goto("/coocook/explore")
    corner = page.get_by_role("banner")
    expect(corner.get_by_role("link", name="Account")).to_be_visible()
    expect(corner.get_by_role("link", name="Sign in")).to_be_hidden()


def test_a_page_that_one_is_about_to_open_is_fetched_ahead(page):
    chef = make_chef(name="Ada")
    page.goto("/coocook/explore", wait_until="networkidle")
    with page.expect_request(f"**/coocook/chefs/{chef.pk}") as ahead:
        page.get_by_role("link", name="Ada").hover()
    assert ahead.value.headers["sec-purpose"] == "prefetch"
