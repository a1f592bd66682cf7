"""On PostgreSQL a booking waits for COMMIT with all that it writes, and no rule is lost by it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Chef, Letter, Occupancy
from bookings.services import drafts, requesting
from bookings.services.requesting import BookingRequest, request_booking
from softfactory.kernel import clock
from softfactory.kernel.db.keys import next_key
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict
from tests.makers import noon_utc
from tests.traced import asked_in

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def known_keys():
    next_key(Booking)


def book(customer, chef, **overrides):
    values = {"chef_id": chef.pk, "starts_at": noon_utc()} | overrides
    return request_booking(customer=customer, request=BookingRequest(**values), now=clock.now())


def columns(booking):
    return {field.attname: getattr(booking, field.attname) for field in Booking._meta.fields}


def written():
    return [model.objects.count() for model in (Booking, Occupancy, Letter)]


def test_all_that_it_writes_is_one_round_trip(ana, chef):
    book(ana, chef)  # whoever is first reads what is kept from then on
    [words] = asked_in(lambda: book(ana, chef, starts_at=noon_utc() + timedelta(days=1)))
    for table in ("booking", "occupancy", "letter"):
        assert words.count(f"INSERT INTO bookings_{table} ") == 1
    assert words.count("INSERT INTO kernel_generation") == 1


@pytest.mark.parametrize("hold", [False, True])
def test_the_row_is_the_one_that_was_told(ana, chef, hold):
    booking = book(ana, chef, hold=hold, special_requests='„Öl“ \\ "x" %s 100 %', guests=3)
    assert columns(Booking.objects.get()) == columns(booking)
    owned = Occupancy.objects.values_list("chef", "booking", "tick", "releases_at")
    assert set(owned) == {(chef.pk, booking.pk, tick, booking.expires_at) for tick in booking.ticks}


def test_it_can_be_asked_for_at_once(ana, chef):
    @transactional
    def work():
        booking = book(ana, chef)
        assert connection.waiting
        assert booking.occupancy.count() == len(booking.ticks)
        return booking

    assert work() == Booking.objects.get()


def test_who_looks_on_sees_each_write(ana, chef):
    with CaptureQueriesContext(connection) as seen:
        book(ana, chef)
    inserts = [q["sql"] for q in seen if q["sql"].startswith("INSERT INTO bookings_")]
    assert len(inserts) == 3


def test_a_time_that_is_taken_is_refused_and_leaves_nothing(ana, cho, chef):
    book(cho, chef)
    before = written()
    with pytest.raises(Conflict) as refused:
        book(ana, chef)
    assert refused.value.code == "slot_taken"
    assert written() == before


def test_a_lapsed_hold_in_the_way_is_taken_over(ana, cho, chef):
    held = book(cho, chef, hold=True, hold_for=timedelta(0))
    booking = book(ana, chef)
    assert set(Occupancy.objects.values_list("booking", flat=True)) == {booking.pk}
    assert Booking.objects.get(pk=held.pk).status == "held"


def test_a_chef_who_was_edited_meanwhile_is_read_anew(ana, chef):
    requesting.offers_of([chef.pk])
    stale = requesting.offers_of([chef.pk])
    Chef.objects.filter(pk=chef.pk).update(hourly_rate_amount=70_000)
    given = [stale]

    def offers(chef_ids):
        return given.pop() if given else offers_of(chef_ids)

    offers_of, requesting.offers_of = requesting.offers_of, offers
    try:
        booking = book(ana, chef)
    finally:
        requesting.offers_of = offers_of
    assert not given
    assert booking.hours_amount == 2 * 70_000
    assert written() == [1, len(booking.ticks), 2]


def test_the_tables_key_has_the_last_word(ana, cho, chef, monkeypatch):
    """Of two that both find the time free when they write, one is refused by the key."""
    free = "SELECT 1 WHERE %s + %s + %s < 0"
    looks = []

    def in_the_way(_self, chef_id, ticks):
        looks.append(chef_id)
        return free, [chef_id, ticks.start, ticks.stop]

    book(cho, chef)
    monkeypatch.setattr(type(Occupancy.objects.all()), "in_the_way", in_the_way)
    with pytest.raises(Conflict) as refused:
        book(ana, chef)
    assert refused.value.code == "slot_taken"
    assert looks
    assert Booking.objects.count() == 1


def test_a_connection_that_is_lost_before_it_is_written_leaves_nothing(ana, chef, monkeypatch):
    def end(*_args, **_kwargs):
        pid = connection.connection.info.backend_pid
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()

    requesting.offers_of([chef.pk])
    connection.ensure_connection()
    monkeypatch.setattr(requesting, "tell", end)
    with pytest.raises(OperationalError):
        book(ana, chef)
    connection.close()
    assert written() == [0, 0, 0]


def test_a_rollback_leaves_nothing(ana, chef):
    @transactional
    def work():
        book(ana, chef)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert written() == [0, 0, 0]


def test_within_a_savepoint_it_is_written_at_once(ana, chef):
    @transactional
    def work():
        with transaction.atomic():
            book(ana, chef)
            assert not connection.waiting
        return Booking.objects.count()

    assert work() == 1


def test_a_race_that_was_lost_is_decided_with_a_look(ana, chef, monkeypatch):
    """What is decided anew waits for nothing: its second loss would be told too late."""
    made = []
    monkeypatch.setattr(drafts, "insert_unless_by_the_end", lambda *args, found, **_kwargs: found())
    insert = drafts.insert_unless
    monkeypatch.setattr(drafts, "insert_unless", lambda *args: made.append(1) or insert(*args))
    booking = book(ana, chef)
    assert (made, Booking.objects.get()) == ([1], booking)
