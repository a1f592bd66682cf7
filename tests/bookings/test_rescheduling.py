"""Moving a booking: the new time is taken, the old one free, and the money as it was agreed."""

from datetime import timedelta

import pytest

from bookings.invariants import count_overlaps, count_wrong_occupancy, count_wrong_payments
from bookings.models import Booking, Chef, Occupancy
from bookings.services.cancelling import preview_cancellation
from bookings.services.deciding import cancel_booking, confirm_booking, decline_booking
from bookings.services.rescheduling import NewTime, reschedule_booking
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, DomainError, Forbidden
from tests.bookings.answers import problem
from tests.makers import make_booking, make_policy, noon_utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(ana, chef):
    """Ana's visit, which Ben has confirmed: noon in a week, for two hours."""
    return make_booking(chef, ana, status="confirmed", decided_at=clock.now())


def move(booking, by, starts_at, hours=None):
    to = NewTime(starts_at, hours)
    return reschedule_booking(booking=booking, by=by, to=to, now=clock.now())


def owned(booking):
    return set(Occupancy.objects.filter(booking=booking).values_list("tick", flat=True))


def at_once(chef):
    Chef.objects.filter(pk=chef.pk).update(instant_booking=True)


def is_sound():
    return not (count_overlaps() or count_wrong_occupancy() or count_wrong_payments())


@pytest.mark.parametrize("later", [timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)])
def test_moves_also_into_its_own_old_time(ana, chef, booking, later):
    at_once(chef)

    moved = move(booking, ana, booking.starts_at + later)

    assert (moved.status, moved.starts_at) == ("confirmed", booking.starts_at + later)
    assert (moved.moved_from, moved.total_amount) == (booking.starts_at, booking.total_amount)
    assert owned(moved) == set(moved.ticks)
    assert is_sound()


def test_one_that_lasts_longer_costs_what_its_rates_say(ana, chef, booking):
    at_once(chef)
    Chef.objects.filter(pk=chef.pk).update(hourly_rate_amount=1)

    moved = move(booking, ana, booking.starts_at, 4)

    assert moved.ends_at - moved.starts_at == timedelta(hours=4)
    assert (moved.hours_amount, moved.total_amount) == (200_000, 360_000)
    assert is_sound()


def test_one_that_ends_sooner_gives_up_the_rest(ana, chef):
    at_once(chef)
    booking = make_booking(chef, ana, status="confirmed", duration_hours=4)

    moved = move(booking, ana, booking.starts_at, 2)

    assert len(owned(moved)) == 8
    assert is_sound()


def test_a_chef_who_is_asked_is_asked_anew(ana, ben, chef, booking):
    moved = move(booking, ana, noon_utc(9))

    assert (moved.status, moved.decided_at) == ("pending", None)
    assert confirm_booking(booking=moved, by=ben, now=clock.now()).status == "confirmed"


def test_moved_by_the_chef_it_stays_confirmed(ben, chef, booking):
    assert move(booking, ben, noon_utc(9)).status == "confirmed"


def test_the_chef_answers_a_request_and_does_not_move_it(ana, ben, chef):
    pending = make_booking(chef, ana)
    with pytest.raises(Conflict) as refused:
        move(pending, ben, noon_utc(9))
    assert refused.value.code == "wrong_state"
    assert move(pending, ana, noon_utc(9)).status == "pending"


def test_others_move_nothing(cho, booking):
    with pytest.raises(Forbidden):
        move(booking, cho, noon_utc(9))


def test_a_time_that_somebody_has_leaves_it_where_it_is(ana, cho, chef, booking):
    make_booking(chef, cho, starts_at=noon_utc(9))
    for starts_at in (noon_utc(9), noon_utc(9) + timedelta(hours=1)):
        with pytest.raises(Conflict) as refused:
            move(booking, ana, starts_at)
        assert refused.value.code == "slot_taken"
    assert owned(booking) == set(booking.ticks)


def test_a_lapsed_hold_is_no_obstacle(ana, cho, chef, booking):
    lapsed = clock.now() - timedelta(minutes=1)
    make_booking(chef, cho, starts_at=noon_utc(9), status="held", expires_at=lapsed)

    assert owned(move(booking, ana, noon_utc(9) + timedelta(hours=1)))
    assert is_sound()


@pytest.mark.parametrize(
    ("starts_at", "hours", "code"),
    [
        (noon_utc(9) + timedelta(hours=12), None, "outside_hours"),
        (noon_utc(-1), None, "too_soon"),
        (noon_utc(400), None, "too_far"),
        (noon_utc(9) + timedelta(minutes=15), None, "off_step"),
        (noon_utc(9), 9, "duration_not_offered"),
    ],
)
def test_only_offered_times(ana, booking, starts_at, hours, code):
    with pytest.raises(DomainError) as refused:
        move(booking, ana, starts_at, hours)
    assert refused.value.code == code
    assert owned(booking) == set(booking.ticks)


def test_the_same_time_is_no_move(ana, booking):
    with pytest.raises(DomainError) as refused:
        move(booking, ana, booking.starts_at)
    assert refused.value.code == "same_time"


@pytest.mark.parametrize("status", ["held", "completed", "declined", "cancelled", "expired"])
def test_what_does_not_stand_stays(ana, chef, status):
    expires_at = clock.now() + timedelta(minutes=5) if status == "held" else None
    booking = make_booking(chef, ana, status=status, expires_at=expires_at)
    with pytest.raises(Conflict):
        move(booking, ana, noon_utc(9))


def test_what_has_begun_stays(ana, chef):
    begun = make_booking(chef, ana, status="confirmed", starts_at=noon_utc(-1))
    with pytest.raises(Conflict):
        move(begun, ana, noon_utc(9))


def paid(chef, ana, days):
    policy = make_policy(chef)
    starts_at = noon_utc(days)
    terms = {"policy": policy, "payment_status": "part_paid", "balance_at": starts_at}
    return make_booking(chef, ana, status="confirmed", starts_at=starts_at, **terms)


@pytest.fixture
def no_books(monkeypatch):
    """Money that was taken, without a gateway: what a preview would keep is not capped by it."""
    from bookings.services import cancelling
    from bookings.services.reckoning import Books

    books = type("Paid", (Books,), {"left": 260_000, "coming": 0})([])
    monkeypatch.setattr(cancelling, "books_of", lambda booking: books)


def test_what_cancelling_costs_is_not_moved_away(ana, chef, no_books):
    booking = paid(chef, ana, 5)
    before = preview_cancellation(booking=booking, by=ana, now=clock.now())
    assert before.kept.amount == 78_000

    moved = move(booking, ana, noon_utc(30))

    assert moved.status == "pending"
    assert preview_cancellation(booking=moved, by=ana, now=clock.now()).kept == before.kept
    assert moved.balance_at == moved.starts_at - timedelta(days=3)


def test_whom_the_chef_moved_leaves_for_nothing(ana, ben, chef, no_books):
    moved = move(paid(chef, ana, 5), ben, noon_utc(6))

    assert preview_cancellation(booking=moved, by=ana, now=clock.now()).kept.amount == 0


@pytest.mark.parametrize("decide", [decline_booking, cancel_booking])
def test_what_the_chef_refuses_costs_nothing(ana, ben, chef, decide):
    moved = move(paid(chef, ana, 5), ana, noon_utc(30))

    assert decide(booking=moved, by=ben, now=clock.now()).kept_amount == 0


def test_both_sides_are_told(ana, ben, chef, booking, mailoutbox):
    from bookings.tasks import tell_of_new_time

    move(booking, ana, noon_utc(9))
    tell_of_new_time(booking.pk)

    assert {mail.to[0] for mail in mailoutbox} == {ana.email, ben.email}
    assert "accept" in mailoutbox[0].body or "confirms" in mailoutbox[0].body


def url(booking):
    return f"/api/coocook/bookings/{booking.pk}/reschedule"


def test_the_api_moves_once_per_key(api, ana, booking):
    body, headers = {"starts_at": noon_utc(9).isoformat()}, {"Idempotency-Key": "m"}
    first, again = (api(ana).post(url(booking), body, headers=headers) for _ in range(2))

    assert first.status_code == 200
    assert first.json()["starts_at"] == noon_utc(9).isoformat().replace("+00:00", "Z")
    assert first["ETag"].startswith('"2.')
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


def test_the_api_refuses(api, ana, cho, chef, booking):
    make_booking(chef, cho, starts_at=noon_utc(9))
    body = {"starts_at": noon_utc(9).isoformat()}

    assert problem(api(ana).post(url(booking), body)) == (409, "slot_taken")
    assert problem(api(cho).post(url(booking), body)) == (404, "not_found")
    assert problem(api().post(url(booking), body))[0] == 401
    assert problem(api(ana).post(url(booking), {}))[0] == 400


def test_the_page_shows_free_times_with_its_own_among_them(browse, ana, booking):
    page = browse(ana).get(f"/coocook/bookings/{booking.pk}/reschedule?date={noon_utc():%Y-%m-%d}")

    starts = [slot.starts_at for slot in page.context["timetable"].slots]
    assert booking.starts_at + timedelta(minutes=30) in starts


def test_the_page_moves(browse, ana, booking):
    sent = {"date": f"{noon_utc(9):%Y-%m-%d}", "starts_at": noon_utc(9).isoformat()}
    answer = browse(ana).post(f"/coocook/bookings/{booking.pk}/reschedule", sent, follow=True)

    assert "has the new time" in answer.text
    assert "Moved from another time" in answer.text
    assert Booking.objects.get().starts_at == noon_utc(9)


def test_the_page_says_why_not(browse, ana, cho, chef, booking):
    make_booking(chef, cho, starts_at=noon_utc(9))
    sent = {"date": f"{noon_utc(9):%Y-%m-%d}", "starts_at": noon_utc(9).isoformat()}
    answer = browse(ana).post(f"/coocook/bookings/{booking.pk}/reschedule", sent)

    assert answer.status_code == 409
    assert "Somebody else has this time" in answer.text


def test_what_can_not_be_moved_leads_back(browse, ana, chef):
    over = make_booking(chef, ana, status="completed", starts_at=noon_utc(-2))
    answer = browse(ana).get(f"/coocook/bookings/{over.pk}/reschedule")

    assert answer.headers["Location"] == f"/coocook/bookings/{over.pk}"
