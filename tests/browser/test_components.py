"""The components in a real browser: seen through the styleguide, with script and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)

# htmx asks for the account menu by itself; nothing below waits for it.
STYLEGUIDE = "/styleguide/"


@pytest.fixture
def styleguide(page, live_server, dee):
    """The styleguide as Dee sees it."""
    client = Client()
    client.force_login(dee)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.goto(STYLEGUIDE)
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(styleguide, theme, width):
    styleguide.emulate_media(color_scheme=theme, reduced_motion="reduce")
    styleguide.set_viewport_size({"width": width, "height": 900})

    found = Axe().run(styleguide).response["violations"]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_nothing_hangs_over_the_side(styleguide, width):
    styleguide.set_viewport_size({"width": width, "height": 900})

    assert styleguide.evaluate("document.documentElement.scrollWidth") <= width


def test_the_chosen_theme_is_remembered(styleguide):
    styleguide.emulate_media(color_scheme="light")
    styleguide.get_by_role("button", name="Dark theme").click()
    styleguide.reload()

    assert styleguide.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    assert styleguide.get_by_role("button", name="Dark theme", pressed=True).is_visible()


def test_a_dialog_opens_and_escape_closes_it(styleguide):
    opener = styleguide.get_by_role("link", name="Open a dialog")
    opener.click()
    dialog = styleguide.get_by_role("dialog", name="Cancel this booking?")
    assert dialog.is_visible()

    styleguide.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert opener.evaluate("link => link === document.activeElement")


def test_a_field_speaks_up_when_left_and_is_quiet_when_mended(styleguide):
    field = styleguide.locator("#id_email")
    field.fill("ana@")
    field.blur()
    error = styleguide.locator("#id_email_error")
    assert error.inner_text().strip() == "Enter a valid email address."
    assert "id_email_error" in field.get_attribute("aria-describedby")

    field.fill("ana@example.test")
    assert error.is_hidden()
    assert field.get_attribute("aria-invalid") is None


def test_a_stepper_keeps_to_its_limits(styleguide):
    guests = styleguide.locator("#id_guests")
    guests.fill("19")
    more = styleguide.locator(".stepper", has=guests).get_by_role("button", name="One more")
    more.click()
    more.click()

    assert guests.input_value() == "20"


def test_what_the_server_says_is_shown_as_a_toast(styleguide):
    styleguide.evaluate(
        """document.body.dispatchEvent(new CustomEvent("toast", {
             bubbles: true, detail: { text: "Booked.", tone: "positive" } }))"""
    )
    toast = styleguide.get_by_role("status").get_by_text("Booked.")
    assert toast.is_visible()

    styleguide.locator("#toasts").get_by_role("button", name="Dismiss").click()
    assert toast.is_hidden()


def test_a_sheet_opens_without_script(visitors, live_server, dee):
    client = Client()
    client.force_login(dee)
    visitor = visitors(java_script_enabled=False, viewport={"width": 390, "height": 900})
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    visitor.add_cookies([{**cookie, "url": live_server.url}])
    page = visitor.new_page()
    page.goto(STYLEGUIDE)
    assert page.get_by_text("Filters live here.").is_hidden()

    page.get_by_role("button", name="Open a sheet").click()

    assert page.get_by_text("Filters live here.").is_visible()
