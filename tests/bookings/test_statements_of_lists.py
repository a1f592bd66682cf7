"""Lists whose SQL is made once: page by page, the rows of the querysets themselves."""

from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from bookings.filters import CHEF_ORDERS
from bookings.models import Booking, Chef
from softfactory.kernel.api.pagination import CursorPagination, statement_of
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db

LATEST_FIRST = ("-created_at", "-id")


@pytest.fixture
def chefs(ben):
    """Seven chefs who share names, prices and ratings, and one whom nobody sees."""
    for number in range(8):
        make_chef(
            ben,
            name="ABC"[number % 3],
            hourly_rate_amount=number % 2,
            rating_hundredths=400 + number % 2,
            created_at=noon_utc(number % 2),
            is_active=number < 7,
        )
    return list(Chef.objects.order_by("pk"))


@pytest.fixture
def bookings(ana, chefs):
    """Three that Ana made, and one of each chef by somebody else."""
    for chef in chefs:
        make_booking(chef)
        if chef.pk % 3 == 0:
            make_booking(chef, customer=ana, starts_at=noon_utc(8))


def both_ways(named, values, ordering, query):
    """Return a page by its statement, the same by its queryset, and the links to its neighbours."""
    request = APIView().initialize_request(APIRequestFactory().get("/list", query))
    view = type("View", (), {"queryset": Chef.objects.all(), "get_ordering": lambda _: ordering})()
    one, other = CursorPagination(), CursorPagination()
    by_statement = one.paginate_named(named, values, request, view)
    by_queryset = other.paginate_queryset(named(*values).shown(), request, view)
    links = one.get_next_link(), one.get_previous_link()
    assert links == (other.get_next_link(), other.get_previous_link())
    return by_statement, by_queryset, links


def walked(named, values, ordering, limit):
    """Follow `next` to the end and `previous` back, comparing; return all rows that were met."""
    met, query, way = [], {"limit": limit}, 0
    while True:
        by_statement, by_queryset, links = both_ways(named, values, ordering, query)
        assert by_statement == by_queryset
        met += by_statement if way == 0 else []
        if links[way] is None:
            if way:
                return met
            way = 1
        if links[way] is None:
            return met
        query = {name: found[0] for name, found in parse_qs(urlsplit(links[way]).query).items()}


@pytest.mark.parametrize("ordering", CHEF_ORDERS.values())
@pytest.mark.parametrize("limit", [1, 3, 20])
def test_chefs(chefs, ordering, limit):
    met = walked(Chef.objects.active, (), ordering, limit)

    assert met == list(Chef.objects.active().shown().order_by(*ordering))
    assert len(met) == 7


@pytest.mark.parametrize("limit", [1, 3, 20])
@pytest.mark.parametrize("owned", [0, 1, 2, 7])
def test_bookings(bookings, ana, chefs, owned, limit):
    values = (ana.pk, *(chef.pk for chef in chefs[:owned]))
    met = walked(Booking.objects.of_customer_or_chefs, values, LATEST_FIRST, limit)

    own = Booking.objects.of_customer_or_chefs(*values)
    assert met == list(own.shown().order_by(*LATEST_FIRST))


def test_one_shape_serves_all_values(bookings, ana, ben, cho):
    statement_of.cache_clear()
    for user in (ana, ben, cho):
        walked(Booking.objects.of_customer_or_chefs, (user.pk,), LATEST_FIRST, 1)

    first_next_and_previous = 3
    assert statement_of.cache_info().misses <= first_next_and_previous
