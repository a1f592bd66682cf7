"""The start page, and the fragment of chefs who are free this week."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.models import AvailabilityException, Chef
from softfactory.kernel import clock
from softfactory.kernel.db import generations
from tests.makers import make_chef, make_product

committed = pytest.mark.django_db(transaction=True)


@pytest.mark.django_db
def test_shows_search_cuisines_and_products_with_their_least_price(client):
    make_product(name="Ledger")
    make_product(name="Not sold", is_active=False)
    page = client.get("/").content.decode()
    assert 'action="/coocook/explore"' in page
    assert "/coocook/explore?cuisine=Middle+Eastern" in page
    assert "Ledger" in page
    assert "₩9,900" in page
    assert "₩99,000" not in page
    assert "Not sold" not in page


@committed
@pytest.mark.usefixtures("still")
def test_home_takes_two_queries_cold_and_none_warm(client, django_assert_num_queries):
    for _n in range(3):
        make_product()
    with django_assert_num_queries(2):
        client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


@committed
def test_home_shows_a_new_product_at_once(client):
    client.get("/")
    make_product(name="Brand new")
    assert "Brand new" in client.get("/").content.decode()


@pytest.mark.django_db
def test_home_is_the_same_for_everybody(client, browse, ana):
    assert client.get("/").content == browse(ana).get("/").content


@pytest.mark.django_db
def test_home_in_korean_leads_to_korean_pages(client):
    page = client.get("/ko/").content.decode()
    assert '<html lang="ko">' in page
    assert 'action="/ko/coocook/explore"' in page


@pytest.mark.django_db
def test_free_this_week_leaves_out_who_is_not(client):
    make_chef(name="Free chef")
    make_chef(name="Idle chef", is_active=False)
    make_chef(name="Late chef", minimum_notice_minutes=9 * 24 * 60)
    page = client.get(reverse("bookings:free_this_week")).content.decode()
    assert "Free chef" in page
    assert "Idle chef" not in page
    assert "Late chef" not in page


@pytest.mark.django_db
def test_free_this_week_says_so_when_nobody_is(client):
    page = client.get(reverse("bookings:free_this_week")).content.decode()
    assert "Everybody is booked this week" in page


@committed
@pytest.mark.usefixtures("still")
def test_free_this_week_takes_five_queries_cold_two_when_offers_are_kept_and_none_warm(
    client, django_assert_num_queries
):
    for _n in range(3):
        make_chef()
    for queries in (5, 0):
        with django_assert_num_queries(queries):
            client.get(reverse("bookings:free_this_week"))
    generations.move_now("calendar")
    with django_assert_num_queries(2):
        client.get(reverse("bookings:free_this_week"))


@committed
def test_free_this_week_follows_the_calendar(client):
    chef = make_chef(name="Busy chef")
    address = reverse("bookings:free_this_week")
    assert "Busy chef" in client.get(address).content.decode()
    today = clock.now().date()
    AvailabilityException.objects.bulk_create(
        AvailabilityException(chef=chef, date=today + timedelta(days=n)) for n in range(-1, 16)
    )
    assert "Busy chef" not in client.get(address).content.decode()
    assert Chef.objects.count() == 1
