"""What everybody reads is kept, costs few queries, is never old, and is nobody's own."""

from datetime import timedelta

import pytest
import time_machine

from bookings.models import AvailabilityRule, Chef
from bookings.services.reviews import write_review
from softfactory.kernel import clock
from tests.bookings.answers import ANY_VERSION
from tests.makers import make_booking, make_chef, make_review, make_user, noon_utc

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=5"
NOW = clock.now()
DAY = noon_utc().date().isoformat()

LIST = "/api/coocook/chefs"
FREE = f"/api/coocook/chefs?available_on={DAY}"
ONE = "/api/coocook/chefs/{pk}"
SLOTS = f"/api/coocook/chefs/{{pk}}/slots?from={DAY}&to={DAY}"
REVIEWS = "/api/coocook/chefs/{pk}/reviews"


@pytest.fixture(autouse=True)
def still():
    """The clock stands still, so that no minute, nor the day, ends between two requests."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def chef():
    """A chef with a review and a booking, open for four hours a day."""
    chef = make_chef(make_user("ben@example.test"), hours=((12, 16),))
    make_review(chef)
    make_booking(chef)
    return chef


def crowd():
    """Twenty more chefs with reviews and bookings."""
    for _ in range(20):
        chef = make_chef()
        make_review(chef)
        make_booking(chef)


@pytest.mark.parametrize("make_more", [lambda: None, crowd], ids=["few", "many"])
@pytest.mark.parametrize(
    ("path", "cold"), [(LIST, 2), (FREE, 3), (ONE, 2), (SLOTS, 3), (REVIEWS, 2)]
)
def test_costs(api, chef, django_assert_num_queries, path, cold, make_more):
    make_more()
    client, path = api(), path.format(pk=chef.pk)

    with django_assert_num_queries(cold):
        first = client.get(path)
    with django_assert_num_queries(0):
        again = client.get(path)

    assert first.status_code == 200
    assert first.content == again.content
    assert first["ETag"] == again["ETag"]
    assert first["Cache-Control"] == again["Cache-Control"] == PUBLIC


@pytest.mark.parametrize("path", [LIST, FREE, ONE, SLOTS, REVIEWS])
def test_who_has_it_already_is_told_so(api, chef, django_assert_num_queries, path):
    client, path = api(), path.format(pk=chef.pk)
    etag = client.get(path)["ETag"]

    with django_assert_num_queries(0):
        answer = client.get(path, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert etag.startswith('"') == (path == ONE.format(pk=chef.pk))


@pytest.mark.parametrize("path", [LIST, FREE, ONE, SLOTS, REVIEWS])
def test_is_the_same_for_everybody(api, browse, chef, path):
    path = path.format(pk=chef.pk)
    owner = api(chef.owner).get(path)
    broken = api().get(path, headers={"Authorization": "Bearer sf_revoked"})
    signed_in = browse(chef.owner).get(path)

    assert owner.content == broken.content == signed_in.content == api().get(path).content
    assert owner["Vary"] == signed_in["Vary"]
    assert "Cookie" not in signed_in["Vary"]
    assert not signed_in.cookies


def rename(api, chef):
    body = {"name": "Nari"}
    answer = api(chef.owner).patch(ONE.format(pk=chef.pk), body, headers=ANY_VERSION)
    assert answer.status_code == 200


def rename_behind_the_api(api, chef):
    Chef.objects.filter(pk=chef.pk).update(name="Nari")


def review(api, chef):
    booking = make_booking(chef, status="completed", starts_at=noon_utc(-3))
    for author in (chef.owner, booking.customer):
        write_review(booking=booking, author=author, rating=1, text="Cold.", now=clock.now())


def book(api, chef):
    start = (noon_utc() + timedelta(hours=2)).isoformat()
    body = {"chef_id": chef.pk, "starts_at": start}
    assert api(make_user()).post("/api/coocook/bookings", body).status_code == 201


def cancel(api, chef):
    booking = chef.bookings.get(status="pending")
    path = f"/api/coocook/bookings/{booking.pk}/cancel"
    assert api(chef.owner).post(path).status_code == 200


def close(api, chef):
    path = f"{ONE.format(pk=chef.pk)}/availability"
    client = api(chef.owner)
    body = client.get(path).json() | {"rules": []}
    assert client.put(path, body, headers=ANY_VERSION).status_code == 200


def close_behind_the_api(api, chef):
    AvailabilityRule.objects.filter(chef=chef).delete()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (LIST, rename),
        (LIST, rename_behind_the_api),
        (LIST, review),
        (FREE, rename),
        (FREE, book),
        (FREE, close),
        (FREE, close_behind_the_api),
        (ONE, rename),
        (ONE, rename_behind_the_api),
        (ONE, review),
        (SLOTS, book),
        (SLOTS, cancel),
        (SLOTS, close),
        (SLOTS, close_behind_the_api),
        (REVIEWS, review),
    ],
)
def test_a_change_is_seen_at_once(api, chef, path, change):
    client, path = api(), path.format(pk=chef.pk)
    before = client.get(path)

    change(api, chef)
    after = client.get(path, headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after.json() != before.json()
    assert after["ETag"] != before["ETag"]


@pytest.mark.parametrize("change", [book, close, review])
def test_another_chefs_calendar_stays_kept(api, chef, django_assert_num_queries, change):
    other = make_chef(hours=((12, 16),))
    client, path = api(), SLOTS.format(pk=chef.pk)
    client.get(path)

    change(api, other)

    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.parametrize("path", [FREE, SLOTS])
def test_what_depends_on_the_clock_goes_with_it(api, chef, still, path):
    client, path = api(), path.format(pk=chef.pk)
    before = client.get(path)

    still.shift(timedelta(minutes=1))
    same = client.get(path)
    still.shift(timedelta(days=8))
    past = client.get(path, headers={"If-None-Match": before["ETag"]})

    assert (same.status_code, same.json()) == (200, before.json())
    assert past.status_code == 200
    assert [rows for rows in past.json().values() if rows] == []


@pytest.mark.parametrize("path", [ONE, SLOTS, REVIEWS])
def test_a_chef_who_stops_is_gone_at_once(api, chef, path):
    client, path = api(), path.format(pk=chef.pk)
    client.get(path)

    Chef.objects.update(is_active=False)

    assert client.get(path).status_code == 404
    assert client.get(LIST).json()["results"] == []


def test_a_page_is_kept_per_query(api, chef):
    make_chef(cuisine="Thai")
    client = api()

    pages = [client.get(LIST, query).json() for query in ({}, {"cuisine": "Thai"}, {"limit": 1})]

    assert [len(page["results"]) for page in pages] == [2, 1, 1]
