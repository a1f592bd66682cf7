"""What people come for, from the first page to the last, with script and without."""

import re

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from bookings.services.deciding import cancel_booking
from softfactory.kernel import clock
from tests.makers import PASSWORD, make_booking, make_chef, make_review, noon_utc

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada():
    """The chef to be found: Thai, in Busan, free from 9 to 21; another one is Korean there."""
    make_chef(name="Kim Minji", location="Busan")
    make_chef(name="Somebody Else", cuisine="Thai", location="Jeju")
    return make_chef(name="Ada Lim", cuisine="Thai", location="Busan", durations=[2, 3])


@pytest.fixture
def plain(visitors):
    """A page of a visitor whose browser runs no script."""
    return visitors(java_script_enabled=False).new_page()


def sign_in(page, user):
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def cancel(page):
    page.get_by_role("main").get_by_role("link", name="Cancel booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel this booking?")
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_text("Cancelled. The time is free again.")).to_be_visible()


def test_customer_finds_books_and_cancels(page, ana, ada):
    page.goto("/")
    page.get_by_label("Place").fill("Busan")
    page.get_by_role("button", name="Find a chef").click()
    expect(page).to_have_url(re.compile(r"/coocook/explore\?location=Busan$"))
    expect(page.locator("#count")).to_have_text("2 chefs")

    page.get_by_label("Cuisine").focus()
    page.get_by_label("Cuisine").select_option("Thai")
    expect(page.locator("#count")).to_have_text("1 chef")
    expect(page).to_have_url(re.compile(r"\?cuisine=Thai&location=Busan$"))
    expect(page.get_by_label("Cuisine")).to_be_focused()
    expect(page.locator(f"#next-free-{ada.pk} time")).to_be_visible()
    page.go_back()
    expect(page.locator("#count")).to_have_text("2 chefs")
    expect(page.get_by_label("Cuisine")).to_have_value("")
    page.go_forward()
    page.get_by_role("link", name="Ada Lim").click()

    expect(page.locator("#offer")).to_contain_text("₩260,000")
    page.get_by_role("radio", name="3 hours").check()
    expect(page.locator("#offer")).to_contain_text("₩310,000")
    page.locator("#offer a.day").nth(2).click()
    chosen = page.locator("#offer a.day[aria-current]")
    expect(chosen).to_be_focused()
    expect(page).to_have_url(re.compile(r"duration_hours=3"))
    time = page.get_by_role("list", name="Free times").get_by_role("link").first
    expect(time).to_contain_text("09:00")
    time.click()

    sign_in(page, ana)
    expect(page).to_have_url(re.compile(rf"/coocook/chefs/{ada.pk}/book\?starts_at="))
    expect(page.locator("[name=starts_at]:checked + .chip__label")).to_contain_text("09:00")
    page.get_by_label("What should the chef know?").fill("No peanuts.")
    page.get_by_role("button", name="One more").click()
    summary = page.locator("#summary")
    expect(summary).to_contain_text("3 hours, 3 guests")
    expect(summary).to_contain_text("₩340,000")
    expect(page.get_by_label("What should the chef know?")).to_have_value("No peanuts.")
    page.get_by_role("button", name="Send request").click()

    expect(page.get_by_text("Sent to Ada Lim")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Waiting for the chef")
    booking = Booking.objects.get()
    assert (booking.total_price.amount, booking.guests) == (340_000, 3)
    assert booking.special_requests == "No peanuts."

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Bookings").click()
    page.get_by_role("link", name="Ada Lim").click()
    cancel(page)
    assert Booking.objects.get().status == "cancelled"


def test_customer_books_and_cancels_without_script(plain, ana, ada):
    plain.goto("/")
    plain.get_by_label("Place").fill("Busan")
    plain.get_by_role("button", name="Find a chef").click()
    expect(plain.locator("#count")).to_have_text("2 chefs")
    plain.get_by_label("Cuisine").select_option("Thai")
    plain.get_by_role("button", name="Show chefs").click()
    expect(plain.locator("#count")).to_have_text("1 chef")
    expect(plain.locator(".skeleton")).to_be_hidden()
    plain.get_by_role("link", name="Ada Lim").click()

    plain.get_by_role("radio", name="3 hours").check()
    plain.get_by_role("button", name="Show times and price").click()
    expect(plain.locator("#offer")).to_contain_text("₩310,000")
    plain.get_by_role("list", name="Free times").get_by_role("link").first.click()

    sign_in(plain, ana)
    plain.get_by_label("Guests").fill("4")
    plain.get_by_label("What should the chef know?").fill("No peanuts.")
    plain.get_by_role("button", name="Send request").click()
    expect(plain.get_by_role("main")).to_contain_text("This visit costs ₩370,000.")
    assert not Booking.objects.exists()
    plain.get_by_role("button", name="Later").click()
    expect(plain.get_by_label("What should the chef know?")).to_have_value("No peanuts.")
    plain.locator("input[name=date]:enabled").nth(1).check()
    plain.get_by_role("button", name="Show free times and price").click()
    plain.locator("input[name=starts_at]").first.check()
    plain.get_by_role("button", name="Send request").click()

    expect(plain.get_by_role("main")).to_contain_text("Waiting for the chef")
    assert Booking.objects.get().total_price.amount == 370_000
    cancel(plain)


def test_taken_time_is_said_where_one_chose_it(page, enter, ana, ada):
    enter(ana)
    starts_at = f"{noon_utc():%Y-%m-%dT%H:%M}Z"
    page.goto(f"/coocook/chefs/{ada.pk}/book?starts_at={starts_at}")
    make_booking(ada, starts_at=noon_utc())
    page.get_by_role("radio", name="3 hours").check()
    error = page.get_by_text("This time is not free. Choose another one.")
    expect(error).to_be_visible()
    expect(page.locator("#id_starts_at_error")).to_be_focused()
    assert page.get_by_role("radio", name="12:00").count() == 0


def test_owner_answers_in_place(page, enter, ana, ben, chef):
    make_booking(chef, ana, starts_at=noon_utc(5))
    make_booking(chef, ana, starts_at=noon_utc(6))
    enter(ben)
    page.goto("/coocook/requests")
    count = page.locator("#requests [role=status]")
    expect(count).to_have_text("2 requests wait for your answer")

    page.get_by_role("button", name="Accept").first.click()
    expect(count).to_have_text("1 request waits for your answer")
    expect(page.get_by_text("Accepted. The customer can see it.")).to_be_visible()
    expect(page.locator(".booking-row")).to_contain_text("Confirmed")

    page.get_by_role("link", name="Decline").click()
    question = page.get_by_role("dialog", name="Decline this request?")
    question.get_by_role("button", name="Go back").click()
    expect(question).to_be_hidden()
    page.get_by_role("link", name="Decline").click()
    question.get_by_role("button", name="Decline").click()
    expect(count).to_have_text("0 requests wait for your answer")
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed", "declined"}


def test_owner_who_is_too_late_is_told_in_place(context, enter, ana, ben, chef):
    booking = make_booking(chef, ana)
    enter(ben)
    page = context.new_page()
    page.goto("/coocook/requests")
    cancel_booking(booking=booking, by=ana, now=clock.now())
    page.get_by_role("button", name="Accept").click()
    told = "This can't be done any more: the booking is now “Cancelled”."
    expect(page.get_by_role("alert")).to_have_text(told)
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    assert Booking.objects.get().status == "cancelled"


def test_owner_answers_without_script(plain, ana, ben, chef):
    make_booking(chef, ana, starts_at=noon_utc(5))
    make_booking(chef, ana, starts_at=noon_utc(6))
    plain.goto("/coocook/requests")
    sign_in(plain, ben)
    plain.get_by_role("button", name="Accept").first.click()
    expect(plain.get_by_text("Accepted. The customer can see it.")).to_be_visible()
    plain.get_by_role("link", name="Decline").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Decline this request?")
    plain.get_by_role("button", name="Decline").click()
    expect(plain.get_by_text("Declined. The time is free.")).to_be_visible()


def test_filters_are_a_sheet_on_a_phone(page, ada):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/coocook/explore")
    expect(page.get_by_label("Cuisine")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Cuisine").select_option("Thai")
    page.get_by_role("button", name="Show chefs").click()
    expect(page.get_by_label("Cuisine")).to_be_hidden()
    expect(page.locator("#count")).to_have_text("2 chefs")


def test_more_reviews_come_in_place(page, ada):
    for n in range(8):
        make_review(ada, text=f"Review {n}.")
    page.goto(f"/coocook/chefs/{ada.pk}")
    expect(page.locator(".review")).to_have_count(6)
    page.get_by_role("link", name="More reviews").click()
    expect(page.locator(".review")).to_have_count(8)
    expect(page.get_by_role("link", name="More reviews")).to_have_count(0)
    expect(page.locator(".review").nth(6)).to_be_focused()
