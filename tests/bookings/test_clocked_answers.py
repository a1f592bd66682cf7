"""What follows the clock is kept until the very instant at which the clock changes it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches

from tests.makers import make_booking, make_chef

pytestmark = pytest.mark.django_db(transaction=True)

# Monday in Seoul, half past seven in the morning; the day began at 15:00 UTC.
NOW = datetime(2027, 3, 7, 22, 30, tzinfo=UTC)
LAPSES_AT = NOW + timedelta(minutes=20, microseconds=7)
CHANGES = {
    "the hold lapses": LAPSES_AT,
    "nine o'clock is within the notice": datetime(2027, 3, 7, 23, 0, tzinfo=UTC),
    "half past nine is": datetime(2027, 3, 7, 23, 30, tzinfo=UTC),
    "the last start is": datetime(2027, 3, 8, 0, 0, tzinfo=UTC),
    "a new day begins": datetime(2027, 3, 8, 15, 0, tzinfo=UTC),
}
MOMENT = timedelta.resolution

CHEF = "/coocook/chefs/{pk}"
NEXT_FREE = "/coocook/fragments/next-free?ids={pk}"
SLOTS = "/api/coocook/chefs/{pk}/slots"
CLOCKED = [
    CHEF,
    CHEF + "?date=2027-03-09",
    NEXT_FREE,
    "/coocook/fragments/free-this-week",
    SLOTS,
    SLOTS + "?explain=true",
    "/coocook/explore?available_on=2027-03-08",
    "/api/coocook/chefs?available_on=2027-03-08",
]


@pytest.fixture
def chef():
    """Open from 9 to 11, with an hour's notice; a hold takes the first hour of today."""
    chef = make_chef(hours=((9, 11),), minimum_notice_minutes=60, durations=[1])
    nine = datetime(2027, 3, 8, 0, tzinfo=UTC)
    make_booking(chef, starts_at=nine, duration_hours=1, status="held", expires_at=LAPSES_AT)
    return chef


@pytest.fixture
def clock_at():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield lambda instant: traveller.move_to(instant, tick=False)


@pytest.mark.parametrize("path", CLOCKED)
def test_what_was_kept_is_what_would_be_made(client, chef, clock_at, path):
    path = path.format(pk=chef.pk)
    bodies = {}
    for change in CHANGES.values():
        for instant in (change - MOMENT, change, change + MOMENT):
            clock_at(instant)
            kept = client.get(path)
            caches["default"].clear()
            made = client.get(path)
            assert kept.content == made.content, instant
            etag = made.headers["ETag"]
            assert bodies.setdefault(etag, made.content) == made.content
            for known in bodies.keys() - {etag}:
                assert client.get(path, headers={"If-None-Match": known}).status_code == 200


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (CHEF, "the hold lapses"),
        (SLOTS, "the hold lapses"),
        (NEXT_FREE, "the hold lapses"),
        (CHEF + "?date=2027-03-25", "a new day begins"),
        (SLOTS + "?from=2027-03-25&to=2027-03-26", "a new day begins"),
    ],
)
def test_is_kept_until_then(client, chef, clock_at, path, change):
    path, until = path.format(pk=chef.pk), CHANGES[change]
    clock_at(until - timedelta(minutes=20))
    etag = client.get(path).headers["ETag"]
    clock_at(until - MOMENT)
    assert client.get(path).headers["ETag"] == etag
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    clock_at(until + MOMENT)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200
