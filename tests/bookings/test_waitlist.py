"""The waitlist: who may stand in line, who gets a place that opens, and what becomes of it."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Chef, WaitlistEntry
from bookings.services.deciding import cancel_booking, confirm_booking
from bookings.services.sweeping import expire_bookings
from bookings.services.waitlist import OFFER, Wish, join_waitlist, leave_waitlist, offer_places
from bookings.tasks import tell_of_place
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError, NotFound
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, make_chef, make_user, noon_utc

pytestmark = pytest.mark.django_db

DAY = noon_utc().date()
URL = "/api/coocook/waitlist"


@pytest.fixture
def full(ben):
    """Ben's chef, who has room for one booking a day: noon to two."""
    return make_chef(ben, hours=((12, 14),))


@pytest.fixture
def visit(full):
    """Somebody has that day."""
    return make_booking(full, status="confirmed")


def join(customer, chef, now=None, **wish):
    wish = Wish(**{"chef_id": chef.pk, "date": DAY, "guests": 2} | wish)
    return join_waitlist(customer=customer, wish=wish, now=now or clock.now())


def cancel(visit):
    cancel_booking(booking=visit, by=visit.customer, now=clock.now())


def reloaded(entry):
    return WaitlistEntry.objects.with_chef().get(pk=entry.pk)


def code(work, *args, **kwargs):
    with pytest.raises(DomainError) as refused:
        work(*args, **kwargs)
    return refused.value.code


def test_the_first_in_line_gets_the_place_and_then_the_next(ana, cho, full, visit):
    first, second = join(ana, full), join(cho, full)
    assert offer_places(clock.now()) == 0

    cancel(visit)
    assert offer_places(clock.now()) == 1
    assert offer_places(clock.now()) == 0

    offered = reloaded(first)
    assert (offered.status, reloaded(second).status) == ("offered", "waiting")
    assert (offered.booking.status, offered.booking.customer_id) == ("held", ana.pk)
    held_for = offered.booking.expires_at - clock.now()
    assert OFFER - timedelta(minutes=1) < held_for <= OFFER

    later = clock.now() + OFFER + timedelta(minutes=1)
    expire_bookings(later)
    assert offer_places(later) == 1
    assert (reloaded(first).status, reloaded(second).status) == ("passed", "offered")


def test_a_place_that_is_taken_up_is_a_booking(ana, cho, full, visit):
    entry, other = join(ana, full), join(cho, full)
    cancel(visit)
    offer_places(clock.now())

    confirm_booking(booking=reloaded(entry).booking, by=ana, now=clock.now())
    offer_places(clock.now())

    assert (reloaded(entry).status, reloaded(other).status) == ("taken", "waiting")
    assert Booking.objects.occupying().count() == 1


def test_what_one_leaves_the_next_one_gets(ana, cho, full, visit):
    entry, other = join(ana, full), join(cho, full)
    cancel(visit)
    offer_places(clock.now())

    leave_waitlist(entry=entry, now=clock.now())
    offer_places(clock.now())

    assert (reloaded(entry).status, reloaded(other).status) == ("passed", "offered")


def test_who_leaves_the_line_gets_nothing(ana, full, visit):
    entry = join(ana, full)
    leave_waitlist(entry=entry, now=clock.now())
    cancel(visit)

    assert offer_places(clock.now()) == 0
    assert code(leave_waitlist, entry=entry, now=clock.now()) == "wrong_state"
    assert WaitlistEntry.objects.get().status == "left"


def test_whom_it_does_not_fit_is_passed_by(ana, cho, full, visit):
    """The chef now comes for two hours alone."""
    Chef.objects.filter(pk=full.pk).update(durations=[2, 3])
    big, small = join(ana, full, guests=9), join(cho, full)
    Chef.objects.filter(pk=full.pk).update(max_guests=4)
    cancel(visit)

    assert offer_places(clock.now()) == 1
    assert (reloaded(big).status, reloaded(small).status) == ("waiting", "offered")


def test_a_cancelled_visit_tells_of_its_place_at_once(ana, full, visit):
    from django_tasks_db.models import DBTaskResult

    cancel(visit)
    before = DBTaskResult.objects.count()
    again = make_booking(full, status="confirmed")
    join(ana, full)
    cancel(again)
    assert DBTaskResult.objects.count() == before + 1


def test_an_offer_is_told_by_e_mail_while_it_stands(ana, full, visit, mailoutbox):
    entry = join(ana, full)
    cancel(visit)
    offer_places(clock.now())

    tell_of_place(entry.pk)
    leave_waitlist(entry=entry, now=clock.now())
    tell_of_place(entry.pk)

    [mail] = mailoutbox
    assert mail.to == [ana.email]
    assert f"/coocook/bookings/{reloaded(entry).booking_id}" in mail.body


def test_a_day_that_is_over_ends_the_waiting(ana, full, visit):
    entry = join(ana, full)
    offer_places(clock.now() + timedelta(days=9))
    assert reloaded(entry).status == "over"


def test_refusals(ana, cho, full, visit):
    assert code(join, ana, full, date=DAY + timedelta(days=1)) == "not_full"
    assert code(join, ana, full, duration_hours=9) == "duration_not_offered"
    assert code(join, ana, full, date=DAY - timedelta(days=30)) == "too_soon"
    assert code(join, ana, full, date=DAY.replace(year=9999)) == "too_far"
    assert code(join, ana, full, guests=99) == "too_many_guests"
    join(ana, full)
    assert code(join, ana, full) == "already_waiting"
    Chef.objects.update(is_active=False)
    with pytest.raises(NotFound):
        join(cho, full)


def test_one_waits_for_twenty_days_at_most(ana, full, visit):
    days = [
        WaitlistEntry(
            customer=ana, chef=full, date=DAY + timedelta(days=n), duration_hours=2, guests=1
        )
        for n in range(1, 21)
    ]
    WaitlistEntry.objects.bulk_create(days)
    assert code(join, ana, full) == "too_many_waits"


def test_the_api(api, ana, cho, full, visit):
    body = {"chef_id": full.pk, "date": DAY.isoformat(), "guests": 2}
    headers = {"Idempotency-Key": "w"}
    join(make_user(), full)
    first, again = (api(ana).post(URL, body, headers=headers) for _ in range(2))

    assert (first.status_code, again.content) == (201, first.content)
    shown = first.json()
    assert (shown["status"], shown["place"], shown["booking_id"]) == ("waiting", 2, None)
    assert api(ana).get(first["Location"]).json() == shown
    assert api(ana).get(URL).json()["results"] == [shown]
    assert api(cho).get(URL).json()["results"] == []
    assert problem(api(cho).get(first["Location"])) == (404, "not_found")
    assert problem(api(cho).delete(first["Location"])) == (404, "not_found")
    assert problem(api(ana).post(URL, body)) == (409, "already_waiting")
    assert wrong_fields(api(ana).post(URL, {"place": 1})) == {"place": "unknown"}
    assert wrong_fields(api(ana).post(URL, {})) == {"chef_id": "required", "date": "required"}
    assert api(ana).delete(first["Location"]).status_code == 204
    assert api(ana).get(first["Location"]).json()["status"] == "left"
    assert problem(api(ana).delete(first["Location"])) == (409, "wrong_state")


def test_the_pages(browse, client, ana, full, visit):
    page = client.get(f"/coocook/chefs/{full.pk}?date={DAY}")
    way = f"/coocook/chefs/{full.pk}/wait?date={DAY}"
    assert way in page.text.replace("&amp;", "&")
    browser = browse(ana)
    assert browser.get(way).context["form"]["date"].value() == str(DAY)

    sent = {"date": str(DAY), "duration_hours": "2", "guests": "2"}
    page = browser.post(f"/coocook/chefs/{full.pk}/wait", sent, follow=True)
    assert "Place 1 in line" in page.text
    assert browser.post(f"/coocook/chefs/{full.pk}/wait", sent).status_code == 409

    cancel(visit)
    offer_places(clock.now())
    entry = WaitlistEntry.objects.get()
    page = browser.get("/coocook/waitlist")
    assert f"/coocook/bookings/{entry.booking_id}" in page.text

    page = browser.post(f"/coocook/waitlist/{entry.pk}/leave", follow=True)
    assert "You have left the line." in page.text
    assert not Booking.objects.occupying().exists()


def test_the_page_says_why_not(browse, ana, full):
    sent = {"date": str(DAY), "duration_hours": "2", "guests": "2"}
    page = browse(ana).post(f"/coocook/chefs/{full.pk}/wait", sent)
    assert (page.status_code, "There are free times" in page.text) == (409, True)
    page = browse(ana).post(f"/coocook/chefs/{full.pk}/wait", sent | {"date": "2020-01-01"})
    assert page.status_code == 400
