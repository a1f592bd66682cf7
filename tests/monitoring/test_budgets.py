"""No endpoint takes more than its budget, on few rows or on many; and no budget is loose."""

from io import StringIO
from itertools import product
from random import Random

import pytest
from django.core.management import call_command

from bookings.models import Occupancy, Review
from monitoring import meters
from monitoring.budgets import BUDGETS
from monitoring.routes import METHODS, Endpoint
from monitoring.visits import NOT_ALONE, VISITS, Asker, Scene, Unexpected, move_generations
from monitoring.visits.scene import MADE
from softfactory.kernel.trace import Trace

SIZES = {
    "few": ("--users=3", "--chefs=3", "--bookings=12"),
    "many": ("--users=30", "--chefs=60", "--bookings=1200"),
}

# SQLite and PostgreSQL are asked differently; an alert has deliveries, which are asked for too; of
# Django's admin, one page stands for all.
LOOSE_QUERIES = {
    "GET /api/health/ready",
    # One more on PostgreSQL.
    *("POST /api/coocook/recurring-bookings", "POST /coocook/series/{pk}/confirm"),
    *("POST /coocook/series/{pk}/decline", "POST /coocook/series/{pk}/cancel"),
    "GET /api/monitoring/system",
    "GET /monitoring/system/",
    "GET /api/monitoring/alerts",
    "GET /metrics",
    "GET /admin/*",
}
# These grow with what was counted; this many bytes are no matter.
LOOSE_BYTES = {
    *("GET /api/monitoring/metrics", "GET /api/monitoring/budgets", "GET /metrics"),
    "GET /api/monitoring/series",
    *("GET /monitoring/", "GET /monitoring/routes/", "GET /monitoring/system/"),
    *("GET /monitoring/queries/", "GET /monitoring/requests/"),
}
FEW_BYTES = 2_000


@pytest.fixture
def asker(request, transactional_db, settings, still):
    """Asks a site of the size that the test names."""
    settings.SLOW_REQUEST_MS = 10**6  # under the eyes of a test everything is slow
    settings.DEMO = True
    call_command("seed_demo", *SIZES[request.param], stdout=StringIO())
    settings.DEMO = False
    return Asker(Scene())


def count_answers_everywhere():
    """Count as on a site that scanners have been at: what tells of every endpoint is long then."""
    meters.make_room()
    chance = Random(3)
    for route, method in product({name.partition(" ")[2] for name in BUDGETS}, METHODS):
        for _ in range(3):
            size, seconds = chance.randrange(200, 30_000), chance.expovariate(50)
            status = chance.choice((200, 304, 404))
            endpoint = Endpoint(method, route)
            meters.count(endpoint, status=status, size=size, seconds=seconds, trace=Trace("one"))


def test_every_budget_has_a_visit_or_a_reason_for_none():
    assert BUDGETS.keys() - VISITS.keys() - NOT_ALONE.keys() == set()
    assert (VISITS.keys() | NOT_ALONE.keys()) - BUDGETS.keys() == set()
    assert VISITS.keys() & NOT_ALONE.keys() == set()


@pytest.mark.parametrize("asker", SIZES, indirect=True)
def test_no_endpoint_takes_more_than_its_budget(asker):
    count_answers_everywhere()
    cold, warm = {}, {}
    for name, visit in VISITS.items():
        cold[name] = asker.ask(visit, move_generations)
        if BUDGETS[name].hit_rate:
            warm[name] = asker.ask(visit)

    dear = {name: (a.queries, BUDGETS[name].queries) for name, a in cold.items()}
    large = {name: (a.bytes, BUDGETS[name].bytes) for name, a in cold.items()}
    assert {name: pair for name, pair in dear.items() if pair[0] > pair[1]} == {}
    assert {name: pair for name, pair in large.items() if pair[0] > pair[1]} == {}
    assert {name: a.queries for name, a in warm.items() if a.queries} == {}
    assert {name for name, a in warm.items() if a.bytes != cold[name].bytes} == set()


@pytest.mark.parametrize("asker", ["many"], indirect=True)
def test_no_budget_is_loose(asker):
    spare, light = {}, {}
    for name, visit in VISITS.items():
        answer, budget = asker.ask(visit, move_generations), BUDGETS[name]
        if name not in LOOSE_QUERIES and answer.queries < budget.queries:
            spare[name] = answer.queries, budget.queries
        if visit.is_read and name not in LOOSE_BYTES and answer.bytes * 2 < budget.bytes:
            light[name] = answer.bytes, budget.bytes

    assert spare == {}
    assert {name: pair for name, pair in light.items() if pair[1] > FEW_BYTES} == {}


@pytest.mark.parametrize("asker", ["few"], indirect=True)
def test_a_visit_leaves_the_site_as_it_was(asker):
    def rows():
        return [model.objects.count() for model in (*MADE, Occupancy, Review)]

    before = rows()
    for visit in VISITS.values():
        if not visit.is_read:
            asker.ask(visit)

    assert rows() == before


@pytest.mark.parametrize("asker", ["few"], indirect=True)
def test_another_answer_than_expected_is_an_error(asker):
    with pytest.raises(Unexpected, match="answered 401, not 200"):
        asker.ask(VISITS["GET /api/auth/me"]._replace(by="nobody"))
