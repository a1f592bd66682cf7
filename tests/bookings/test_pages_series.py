"""Visits that repeat, on pages: all dates first, agreed to, and decided on together."""

from datetime import UTC, datetime

import pytest
import time_machine

from bookings.models import Booking, Series
from softfactory.kernel import clock
from softfactory.payments.services.cards import add_card
from tests.bookings.test_pages_book import form_of
from tests.makers import make_booking, make_chef, make_policy, noon_utc

pytestmark = pytest.mark.django_db


def wish(**overrides):
    return form_of(every_weeks="1", times="4", **overrides)


def address_of(chef):
    return f"/coocook/chefs/{chef.pk}/repeat"


def agreed_of(page, **overrides):
    """What the page of all dates would send."""
    context = page.context
    seen = {"agreed": context["agreed"], "total_seen": str(context["total"].amount)}
    return wish(**(seen | overrides))


@pytest.fixture
def series(browse, ana, chef):
    """Four visits of Ben's chef, which Ana has asked for."""
    browser = browse(ana)
    browser.post(address_of(chef), agreed_of(browser.post(address_of(chef), wish())))
    return Series.objects.get()


def statuses():
    return list(Booking.objects.order_by("starts_at").values_list("status", flat=True))


def test_shows_all_dates_and_what_is_in_the_way_and_books_nothing(browse, ana, cho, chef):
    make_booking(chef, cho, starts_at=noon_utc(21))
    page = browse(ana).post(address_of(chef), wish())

    assert page.status_code == 200
    assert [row.reason for row, _why in page.context["rows"]] == [None, None, "taken", None]
    assert (page.context["free"], page.context["total"].amount) == (3, 3 * 260_000)
    text = page.content.decode()
    for part in ("3 of these dates are free", "Somebody else has this time", "₩780,000"):
        assert part in text
    assert "always 12:00 by the chef's clock" in text
    assert not Booking.objects.filter(customer=ana).exists()


def test_the_form_leads_there_and_back_with_all_that_was_typed(browse, ana, chef):
    browser = browse(ana)
    assert (
        f'formaction="{address_of(chef)}"'
        in browser.get(f"/coocook/chefs/{chef.pk}/book").content.decode()
    )
    page = browser.post(address_of(chef), wish(special_requests="No peanuts."))
    typed = dict(page.context["typed"])
    assert (typed["special_requests"], typed["times"]) == ("No peanuts.", "4")
    form = browser.post(f"/coocook/chefs/{chef.pk}/book", typed | {"show": "1"})
    assert 'value="4"' in form.content.decode()


def test_what_is_agreed_to_is_booked_as_one_series(browse, ana, chef, series):
    assert (series.times, series.every_weeks, series.chef_id) == (4, 1, chef.pk)
    rows = Booking.objects.of_series(series)
    assert [row.part.number for row in rows] == [1, 2, 3, 4]
    assert [row.starts_at for row in rows] == [noon_utc(7 + 7 * n) for n in range(4)]
    assert {row.special_requests for row in rows} == {"No peanuts."}
    page = browse(ana).get(f"/coocook/series/{series.pk}").content.decode()
    assert "4 visits that were booked together" in page


def test_those_that_clash_are_left_out(browse, ana, cho, chef):
    make_booking(chef, cho, starts_at=noon_utc(14))
    browser = browse(ana)
    answer = browser.post(address_of(chef), agreed_of(browser.post(address_of(chef), wish())))

    series = Series.objects.get()
    assert answer.headers["Location"] == f"/coocook/series/{series.pk}"
    rows = Booking.objects.of_series(series)
    assert [row.starts_at for row in rows] == [noon_utc(7), noon_utc(21), noon_utc(28)]
    assert series.times == 3


def test_sent_twice_it_is_one_series(browse, ana, chef, series):
    browser = browse(ana)
    starts = ",".join(f"{noon_utc(7 + 7 * n):%Y-%m-%dT%H:%MZ}" for n in range(4))
    again = browser.post(address_of(chef), wish(agreed=starts, total_seen="1040000"))

    assert again.headers["Location"] == f"/coocook/series/{series.pk}"
    assert (Series.objects.count(), Booking.objects.count()) == (1, 4)


def test_what_was_taken_meanwhile_lets_none_be_booked_and_shows_the_dates_anew(
    browse, ana, cho, chef
):
    browser = browse(ana)
    sent = agreed_of(browser.post(address_of(chef), wish()))
    make_booking(chef, cho, starts_at=noon_utc(14))
    answer = browser.post(address_of(chef), sent)

    assert answer.status_code == 409
    assert answer.context["free"] == 3
    assert not Booking.objects.filter(customer=ana).exists()


def test_another_price_is_agreed_to_again(browse, ana, chef):
    browser = browse(ana)
    sent = agreed_of(browser.post(address_of(chef), wish()))
    answer = browser.post(address_of(chef), sent | {"total_seen": "1"})
    assert answer.status_code == 409
    assert "₩1,040,000. If that is fine" in answer.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"times": "1"},
        {"times": "51"},
        {"every_weeks": "9"},
        {"starts_at": None},
        {"agreed": "soon"},
    ],
)
def test_refuses_what_is_no_repetition(browse, ana, chef, wrong):
    sent = {"every_weeks": "1", "times": "4"} | wrong
    answer = browse(ana).post(address_of(chef), form_of(**sent))
    assert answer.status_code == 400
    assert "Repeat this visit" in answer.content.decode()


def test_times_that_were_not_shown_are_not_booked(browse, ana, chef):
    starts = f"{noon_utc(8):%Y-%m-%dT%H:%MZ},{noon_utc(9):%Y-%m-%dT%H:%MZ}"
    answer = browse(ana).post(address_of(chef), wish(agreed=starts, total_seen="520000"))
    assert answer.status_code == 422
    assert not Booking.objects.exists()


def test_says_that_clocks_are_changed_in_between(browse, ana):
    chef = make_chef(timezone="Europe/Paris")
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        sent = wish(starts_at="2027-03-19T17:00Z", date="2027-03-19")
        page = browse(ana).post(address_of(chef), sent).content.decode()
    assert page.count("18:00") >= 5
    assert "Clocks there are changed" in page


def test_lists_and_the_bookings_page_say_which_visit_it_is(browse, ana, ben, series):
    second = Booking.objects.of_series(series)[1]
    for who, address in (
        (ana, "/coocook/bookings"),
        (ana, f"/coocook/bookings/{second.pk}"),
        (ben, "/coocook/requests"),
        (ben, f"/coocook/bookings/{second.pk}"),
        (ben, "/coocook/dashboard"),
    ):
        assert "Visit 2 of 4" in browse(who).get(address).content.decode()


def test_the_chef_accepts_all_that_wait_at_once(browse, ben, series):
    browser, page = browse(ben), f"/coocook/series/{series.pk}"
    assert "Accept all 4 visits" in browser.get(page).content.decode()
    assert browser.post(f"{page}/confirm").headers["Location"] == page
    assert statuses() == ["confirmed"] * 4
    assert browser.post(f"{page}/confirm").status_code == 409


def test_the_chef_declines_all_that_wait_once_asked(browse, ben, series):
    browser, page = browse(ben), f"/coocook/series/{series.pk}"
    first = Booking.objects.of_series(series)[0]
    browser.post(f"/coocook/bookings/{first.pk}/confirm")
    assert "Decline all 3 visits" in browser.get(f"{page}/decline").content.decode()
    browser.post(f"{page}/decline")
    assert statuses() == ["confirmed"] + ["declined"] * 3


def test_the_rest_is_cancelled_from_a_visit_on(browse, ana, series):
    browser, page = browse(ana), f"/coocook/series/{series.pk}"
    asked = browser.get(f"{page}/cancel?start=3").content.decode()
    assert "Cancel 2 visits" in asked
    browser.post(f"{page}/cancel", {"start": "3"})
    assert statuses() == ["pending", "pending", "cancelled", "cancelled"]
    browser.post(f"{page}/cancel")
    assert statuses() == ["cancelled"] * 4


def test_others_have_no_such_series(browse, ana, cho, dee, series):
    page = f"/coocook/series/{series.pk}"
    for who in (cho, dee):
        for verb in ("", "/confirm", "/decline", "/cancel"):
            assert browse(who).get(page + verb).status_code == 404
            assert verb == "" or browse(who).post(page + verb).status_code == 404
    assert browse(ana).post(f"{page}/confirm").status_code == 404
    assert browse(ana).post(f"{page}/decline").status_code == 404
    assert statuses() == ["pending"] * 4


def test_a_paid_series_holds_each_and_gives_back_what_was_agreed(browse, ana, ben, chef):
    make_policy(chef)
    browser = browse(ana)
    shown = browser.post(address_of(chef), wish())
    without = browser.post(address_of(chef), agreed_of(shown))
    assert without.status_code == 422
    assert "Add a card" in without.content.decode()
    assert not Booking.objects.exists()

    add_card(user=ana, token="card_ok", now=clock.now())
    browser.post(address_of(chef), agreed_of(shown))
    series = Series.objects.get()
    assert set(Booking.objects.values_list("status", "payment_status")) == {("pending", "held")}
    page = browser.get(f"/coocook/series/{series.pk}/cancel")
    money = page.context["cancellation"]
    assert (money.kept.amount, money.refund) == (0, money.paid)
    stale = browser.post(f"/coocook/series/{series.pk}/cancel", {"refund_seen": "1 KRW"})
    assert stale.status_code == 409
    sent = {"refund_seen": f"{money.refund.amount} KRW"}
    browser.post(f"/coocook/series/{series.pk}/cancel", sent)
    assert statuses() == ["cancelled"] * 4
