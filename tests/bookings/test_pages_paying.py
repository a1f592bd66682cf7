"""The pages about money: paying for a booking, what cancelling gives back, a chef's terms."""

import pytest

from bookings.models import Booking, Chef
from softfactory.kernel import clock
from softfactory.payments.models import Payment
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.settling import settle_due_payments
from tests.makers import make_chef, make_hold, make_policy, noon_utc

TERMS = {
    "upfront_percent": "30",
    "balance": "before",
    "balance_days": "3",
    "days_0": "4",
    "kept_0": "30",
    "days_1": "10",
    "kept_1": "0",
}


@pytest.fixture
def paid_chef(ben):
    chef = make_chef(ben)
    make_policy(chef)
    return chef


@pytest.fixture
def hold(ana, paid_chef):
    return make_hold(paid_chef, ana)


def give_card(user, token="card_ok"):
    return add_card(user=user, token=token, now=clock.now())


def text(page):
    return " ".join(page.content.decode().split())


def test_the_chefs_page_says_what_is_asked(client, paid_chef):
    page = text(client.get(f"/coocook/chefs/{paid_chef.pk}"))
    assert "30% is held on your card when you book" in page
    assert "The rest is charged 3 days before the visit." in page
    assert "Cancelled until 10 days before, everything is given back." in page
    assert "Cancelled later than that, what was paid is kept." in page


def test_booking_holds_the_time_and_leads_to_paying(browse, ana, paid_chef):
    noon = noon_utc(14)
    form = {
        "starts_at": f"{noon:%Y-%m-%dT%H:%M}Z",
        "date": noon.date().isoformat(),
        "duration_hours": "2",
        "guests": "2",
        "price_seen": "260000",
    }
    page = browse(ana).get(f"/coocook/chefs/{paid_chef.pk}/book", form)
    assert "₩78,000" in text(page)
    answer = browse(ana).post(f"/coocook/chefs/{paid_chef.pk}/book", form)
    booking = Booking.objects.get()
    assert booking.status == "held"
    assert answer.headers["Location"] == f"/coocook/bookings/{booking.pk}/pay"


def test_without_a_card_one_is_asked_for(browse, ana, hold):
    page = text(browse(ana).get(f"/coocook/bookings/{hold.pk}/pay"))
    assert "There is no card to pay with yet." in page
    assert f"/payments/cards?next=/coocook/bookings/{hold.pk}/pay" in page


def test_a_card_that_is_added_leads_back(browse, ana, hold):
    page = f"/coocook/bookings/{hold.pk}/pay"
    answer = browse(ana).post(f"/payments/cards?next={page}", {"token": "card_ok"})
    assert answer.headers["Location"] == page


def test_paying_makes_the_booking(browse, ana, hold):
    give_card(ana)
    browser = browse(ana)
    address = f"/coocook/bookings/{hold.pk}/pay"
    assert "₩78,000" in text(browser.get(address))
    answer = browser.post(address)
    assert answer.headers["Location"] == f"/coocook/bookings/{hold.pk}"
    assert Booking.objects.get().status == "pending"
    assert "Held on the card" in text(browser.get(f"/coocook/bookings/{hold.pk}"))
    browser.post(address)
    assert Payment.objects.count() == 1


def test_a_declined_card_leaves_the_hold(browse, ana, hold):
    give_card(ana, "card_declined")
    answer = browse(ana).post(f"/coocook/bookings/{hold.pk}/pay", follow=True)
    assert answer.redirect_chain == [(f"/coocook/bookings/{hold.pk}/pay", 302)]
    assert "declined" in text(answer)
    assert Booking.objects.get().status == "held"


def test_a_bank_that_asks_leads_there_and_back(browse, ana, hold):
    give_card(ana, "card_authenticate")
    browser = browse(ana)
    answer = browser.post(f"/coocook/bookings/{hold.pk}/pay")
    assert "/payments/sandbox/" in answer.headers["Location"]
    back = browser.post(answer.headers["Location"], {"allow": "1"})
    assert back.headers["Location"] == f"/coocook/bookings/{hold.pk}"
    assert Booking.objects.get().status == "pending"


@pytest.mark.parametrize("who", ["ben", "cho"])
def test_nobody_else_pays(request, browse, hold, who):
    browser = browse(request.getfixturevalue(who))
    assert browser.post(f"/coocook/bookings/{hold.pk}/pay").status_code == 404


def test_cancelling_shows_what_is_given_back(browse, ana, ben, paid_chef, hold):
    give_card(ana)
    browser = browse(ana)
    browser.post(f"/coocook/bookings/{hold.pk}/pay")
    browse(ben).post(f"/coocook/bookings/{hold.pk}/confirm")
    settle_due_payments(now=clock.now(), at_once=10)
    page = text(browser.get(f"/coocook/bookings/{hold.pk}/cancel"))
    assert 'name="refund_seen" value="78000 KRW"' in page
    refused = browser.post(f"/coocook/bookings/{hold.pk}/cancel", {"refund_seen": "1 KRW"})
    assert refused.status_code == 409
    assert "Now ₩78,000 would be given back." in text(refused)
    browser.post(f"/coocook/bookings/{hold.pk}/cancel", {"refund_seen": "78000 KRW"})
    assert Booking.objects.get().status == "cancelled"


def test_an_owner_sets_the_terms(browse, ben, chef):
    address = f"/coocook/chefs/{chef.pk}/terms"
    answer = browse(ben).post(address, TERMS)
    assert answer.status_code == 302
    policy = Chef.objects.with_policy().get(pk=chef.pk).policy
    assert policy.tiers == [[10, 0], [4, 30]]
    page = text(browse(ben).get(address))
    assert 'value="30"' in page
    browse(ben).post(address, {"upfront_percent": "0", "balance": "after"})
    assert Chef.objects.get(pk=chef.pk).policy_id is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kept_0": ""}, "Fill in both, or neither."),
        ({"kept_1": "60"}, "cancelling later costs as much or more"),
        ({"days_1": "4"}, "Each number of days once"),
        ({"upfront_percent": "0"}, "Hold a part of the price"),
        ({"upfront_percent": "101"}, "less than or equal to 100"),
    ],
)
def test_terms_that_do_not_go_together_are_told(browse, ben, chef, change, message):
    answer = browse(ben).post(f"/coocook/chefs/{chef.pk}/terms", TERMS | change)
    assert answer.status_code == 400
    assert message in text(answer)
    assert Chef.objects.get(pk=chef.pk).policy_id is None


def test_earnings_of_a_new_chef_say_so(browse, ben, chef):
    page = text(browse(ben).get(f"/coocook/chefs/{chef.pk}/earnings"))
    assert "Nothing yet." in page


def test_earnings_say_where_they_come_from(browse, ana, ben, hold):
    give_card(ana)
    browse(ana).post(f"/coocook/bookings/{hold.pk}/pay")
    browse(ben).post(f"/coocook/bookings/{hold.pk}/confirm")
    settle_due_payments(now=clock.now(), at_once=10)
    Booking.objects.update(
        starts_at=noon_utc(-1), ends_at=noon_utc(-1) + (hold.ends_at - hold.starts_at)
    )
    browse(ben).post(f"/coocook/bookings/{hold.pk}/complete")
    settle_due_payments(now=clock.now(), at_once=10)
    page = text(browse(ben).get(f"/coocook/chefs/{hold.chef_id}/earnings"))
    assert "₩234,000" in page
    assert f"Booking {hold.pk}" in page
