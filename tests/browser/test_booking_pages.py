"""Pages of chefs and of their guests: by keyboard alone, and on the smallest screens."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bookings.models import Booking, Menu, Message, WaitlistEntry
from softfactory.kernel import clock
from tests.makers import make_booking, make_chef, make_menu, make_wait, noon_utc

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = (320, 390)
OF_BEN = [
    "/coocook/dashboard",
    "/coocook/chefs/{chef}/availability",
    "/coocook/chefs/{chef}/menus",
    "/coocook/chefs/{chef}/menus/{menu}",
]
OF_ANA = [
    "/coocook/bookings/{booking}/reschedule",
    "/coocook/bookings/{booking}",
    "/coocook/chefs/{chef}/wait?date={day}",
    "/coocook/waitlist",
]


@pytest.fixture
def booking(ana, chef):
    """Ana's visit in a week, which Ben has confirmed."""
    return make_booking(chef, ana, status="confirmed", decided_at=clock.now())


@pytest.fixture
def rows(ana, ben, chef, booking):
    """Something on every page, with words that are long."""
    menu = make_menu(chef, title="Donaudampfschifffahrt " * 3, dietary=["vegan", "gluten_free"])
    make_booking(chef, ana, starts_at=noon_utc(9), special_requests="x" * 90)
    Message.objects.create(booking=booking, author=ben, text="y" * 90)
    make_wait(make_chef(name="A name that goes on and on and on"), ana)
    return {"chef": chef.pk, "menu": menu.pk, "booking": booking.pk, "day": noon_utc(5).date()}


def looks_right(page, path):
    """Open a page once, and look at it on small screens and through axe."""
    page.goto(path, wait_until="networkidle")
    for width in SMALL:
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
    found = Axe().run(page).response["violations"]
    assert [(path, rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == []


def test_a_chefs_pages_are_fit_for_everybody(page, enter, ben, rows):
    enter(ben)
    for path in OF_BEN:
        looks_right(page, path.format_map(rows))


def test_a_customers_pages_are_fit_for_everybody(page, enter, ana, rows):
    enter(ana)
    for path in OF_ANA:
        looks_right(page, path.format_map(rows))


def tab_to(page, target):
    """Press Tab until the element has the focus, as who has no mouse does."""
    for _n in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {target}")


def test_the_editor_says_why_not_without_a_mouse(page, enter, ben, chef):
    enter(ben)
    page.goto(f"/coocook/chefs/{chef.pk}/availability")
    at = page.get_by_label("Why is this time not offered?")
    at.fill("03:00")
    tab_to(page, page.get_by_role("button", name="Show, without saving"))
    page.keyboard.press("Enter")

    expect(page.locator("#preview .notice")).to_be_visible()
    expect(page.get_by_label("Why is this time not offered?")).to_have_value("03:00")


def test_a_menu_is_written_without_a_mouse(page, enter, ben, chef):
    enter(ben)
    page.goto(f"/coocook/chefs/{chef.pk}/menus/new")
    page.get_by_label("Title").focus()
    page.keyboard.type("A winter table")
    tab_to(page, page.get_by_label("Courses"))
    page.keyboard.type("Broth")
    page.keyboard.press("Enter")
    page.keyboard.type("Galbi")
    tab_to(page, page.get_by_label("Price per guest, KRW"))
    page.keyboard.type("80000")
    tab_to(page, page.get_by_role("radio", name="2 hours"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("checkbox", name="Vegan"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved. Guests see it on your page.")).to_be_visible()
    menu = Menu.objects.get()
    assert (menu.course_list, menu.dietary) == (["Broth", "Galbi"], ["vegan"])


def test_a_visit_is_moved_and_written_about_without_a_mouse(page, enter, ana, booking):
    enter(ana)
    page.goto(f"/coocook/bookings/{booking.pk}/reschedule?date={noon_utc(9).date()}")
    free = page.get_by_role("radio", name="18:00")
    tab_to(page, page.locator(".times input[type=radio]").first)
    while not free.is_checked():
        page.keyboard.press("ArrowRight")
    expect(page.locator("#summary time").nth(1)).to_contain_text("18:00")
    page.keyboard.press("Enter")  # which moves nothing yet, and looks at no other week
    expect(page).to_have_url(re.compile("/reschedule$"))
    expect(free).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Ask for the new time"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("When should it be instead?")
    assert Booking.objects.get().starts_at != booking.starts_at

    page.get_by_label("Your message").focus()
    page.keyboard.type("Is six too late?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Is six too late?")).to_be_visible()
    assert Message.objects.get().author == ana


def test_one_stands_in_line_and_leaves_it_without_a_mouse(page, enter, ana, chef):
    make_booking(make_chef(chef.owner, name="Full", hours=((12, 14),)), status="confirmed")
    full = chef.owner.chefs.get(name="Full")
    enter(ana)
    page.goto(f"/coocook/chefs/{full.pk}/wait?date={noon_utc().date()}&duration_hours=2&guests=2")
    tab_to(page, page.get_by_role("button", name="Stand in line"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Place 1 in line")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Leave the line"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Leave the line")).to_have_count(0)
    assert WaitlistEntry.objects.get().status != "waiting"


def test_diets_narrow_the_list_without_a_mouse(page, chef):
    make_menu(chef, dietary=["vegan"])
    make_chef(name="Somebody Else")
    page.goto("/coocook/explore")
    tab_to(page, page.get_by_role("checkbox", name="Vegan"))
    page.keyboard.press("Space")
    expect(page.locator("#count")).to_have_text("1 chef")
    expect(page).to_have_url("/coocook/explore?dietary=vegan")
    expect(page.get_by_role("checkbox", name="Vegan")).to_be_focused()
