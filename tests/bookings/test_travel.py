"""Travel time: distance at a speed, kept free before and after a visit."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Chef, Occupancy
from bookings.models.places import WHERE, place_in
from bookings.models.words import PLACES
from bookings.services.requesting import BookingRequest, request_booking
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.slots import Place, Travel, trip_to
from bookings.slots.travel import distance_km
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, DomainError
from tests.bookings.answers import ANY_VERSION, problem, wrong_fields
from tests.bookings.schedules import make_schedule
from tests.hostile.conftest import AVAILABILITY
from tests.makers import make_booking, make_chef, noon_utc

SEOUL, INCHEON, BUSAN = WHERE["Seoul"], Place(37.4563, 126.7052), WHERE["Busan"]


@pytest.fixture
def chef(ben):
    """Ben's chef in Seoul, who drives at 30 km/h, and 100 km at most."""
    return make_chef(
        ben,
        base_latitude=SEOUL.latitude,
        base_longitude=SEOUL.longitude,
        travel_kmh=30,
        travel_most_km=100,
        buffer_after_minutes=15,
    )


def ask(customer, chef, starts_at=None, **overrides):
    request = BookingRequest(chef_id=chef.pk, starts_at=starts_at or noon_utc(), **overrides)
    return request_booking(customer=customer, request=request, now=clock.now())


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        (SEOUL, BUSAN, 325),  # great circle distances, by their coordinates
        (WHERE["Paris"], WHERE["London"], 344),
        (WHERE["New York"], WHERE["San Francisco"], 4129),
        (Place(0, 179), Place(0, -179), 222),
        (Place(90, 0), Place(-90, 0), 20015),
        (SEOUL, SEOUL, 0),
    ],
)
def test_distances_are_those_of_the_globe(one, other, known):
    assert distance_km(one, other) == pytest.approx(known, rel=0.005, abs=0.1)
    assert distance_km(other, one) == pytest.approx(distance_km(one, other))


def test_a_trip_is_whole_quarter_hours_besides_the_buffers():
    travel = Travel(*SEOUL, speed_kmh=30)
    schedule = make_schedule(travel=travel, buffer_before=30, buffer_after=0)
    trip = trip_to(INCHEON, schedule, most_minutes=720)

    assert 25 < distance_km(SEOUL, INCHEON) < 28  # 51 to 56 minutes
    assert trip.minutes == 60
    assert (trip.schedule.buffer_before, trip.schedule.buffer_after) == (90, 60)
    assert trip_to(SEOUL, schedule, most_minutes=720).minutes == 0
    assert trip_to(None, schedule, most_minutes=720).schedule == schedule
    assert trip_to(BUSAN, schedule, most_minutes=600) is None
    assert trip_to(BUSAN, make_schedule(), most_minutes=60).minutes == 0


def test_every_place_with_a_name_is_somewhere():
    assert WHERE.keys() == PLACES.keys()
    assert place_in("12 Rue Mercière, Lyon") == WHERE["Lyon"]
    assert place_in("Somewhere else") is None


def test_the_way_is_stored_as_occupancy(ana, cho, chef):
    booking = ask(ana, chef, place=INCHEON, address="1 Harbour Road, Incheon")

    assert booking.travel_minutes == 60
    assert (booking.buffer_before_minutes, booking.buffer_after_minutes) == (60, 75)
    assert Occupancy.objects.filter(booking=booking).count() == (60 + 120 + 75) // 15
    with pytest.raises(Conflict):  # at home, but the chef is on the way then
        ask(cho, chef, noon_utc() + timedelta(hours=3))
    assert ask(cho, chef, noon_utc() + timedelta(hours=3, minutes=30))


def test_an_address_that_names_a_known_place_is_there(ana, chef):
    assert ask(ana, chef, address="Insadong, 서울").travel_minutes == 0
    with pytest.raises(DomainError) as caught:
        ask(ana, chef, noon_utc(8), address="Haeundae, Busan")
    assert caught.value.code == "too_far_away"


def test_a_chef_who_counts_no_travel_goes_anywhere(ana):
    booking = ask(ana, make_chef(), place=BUSAN)
    assert (booking.travel_minutes, booking.place) == (0, BUSAN)


def test_a_booking_that_is_moved_takes_its_way_along(ana, ben, chef):
    booking = ask(ana, chef, place=INCHEON)
    make_booking(chef, starts_at=noon_utc(8))
    to = noon_utc(8) + timedelta(hours=3)
    with pytest.raises(Conflict):
        reschedule_booking(booking=booking, by=ana, to=NewTime(to), now=clock.now())
    to += timedelta(minutes=30)
    reschedule_booking(booking=booking, by=ana, to=NewTime(to), now=clock.now())

    moved = Booking.objects.get(pk=booking.pk)
    assert (moved.travel_minutes, moved.buffer_before_minutes) == (60, 60)


def test_slots_count_the_way(api, chef, ana):
    make_booking(chef, ana)
    path = f"/api/coocook/chefs/{chef.pk}/slots"
    day = noon_utc().date().isoformat()
    near = {"from": day, "to": day, "duration_hours": 2}

    def starts(**place):
        return [row["local"][11:] for row in api().get(path, near | place).json()["slots"]]

    assert "14:30" in starts()
    far = starts(latitude=INCHEON.latitude, longitude=INCHEON.longitude)
    assert "14:30" not in far
    assert "15:30" in far
    answer = api().get(path, near | {"latitude": BUSAN.latitude, "longitude": BUSAN.longitude})
    assert problem(answer) == (422, "too_far_away")


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 1},
        {"longitude": 1},
        {"latitude": "nan", "longitude": 1},
        {"latitude": "inf", "longitude": 1},
        {"latitude": 91, "longitude": 1},
        {"latitude": 1, "longitude": 181},
    ],
)
def test_refuses_half_a_place_and_none_on_earth(api, ana, chef, wrong):
    path = f"/api/coocook/chefs/{chef.pk}/slots"
    assert wrong_fields(api().get(path, wrong)).keys() & {"latitude", "longitude"}
    wish = {"chef_id": chef.pk, "starts_at": noon_utc().isoformat(), **wrong}
    answer = api(ana).post("/api/coocook/bookings", wish)
    assert wrong_fields(answer).keys() & {"latitude", "longitude"}


def test_it_is_a_part_of_the_availability(api, ben, chef):
    client, path = api(ben), f"/api/coocook/chefs/{chef.pk}/availability"
    travel = client.get(path).json()["travel"]
    assert travel == {**SEOUL._asdict(), "speed_kmh": 30, "most_km": 100}

    document = AVAILABILITY | {"travel": travel | {"speed_kmh": 40, "most_km": None}}
    assert client.put(path, document, headers=ANY_VERSION).json()["travel"]["speed_kmh"] == 40
    assert client.put(path, AVAILABILITY, headers=ANY_VERSION).json()["travel"] is None
    assert Chef.objects.get(pk=chef.pk).base_latitude == SEOUL.latitude


def test_the_booking_shows_where_it_is(api, browse, ana, chef):
    body = {"chef_id": chef.pk, "starts_at": noon_utc().isoformat(), "address": "Jongno, Seoul"}
    made = api(ana).post("/api/coocook/bookings", body).json()
    assert (made["address"], made["travel_minutes"], made["latitude"]) == ("Jongno, Seoul", 0, None)
    assert "Jongno, Seoul" in browse(ana).get(f"/coocook/bookings/{made['id']}").content.decode()
