"""A request's trace: what it asked of database and caches, and nothing outside of a request."""

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from softfactory.kernel import trace
from softfactory.kernel.models import Generation
from softfactory.kernel.trace import REPEATED, CacheUse


def ask(request):
    list(Generation.objects.all())
    Generation.objects.bulk_create([Generation(name="g", number=1)], ignore_conflicts=True)
    request.seen = trace.current()
    return HttpResponse()


def use_caches(request):
    cache.get("absent")
    cache.set("there", None)
    cache.get("there")
    cache.get_many(["there", "absent"])
    caches["limits"].count({"key": 60})
    request.seen = trace.current()
    return HttpResponse()


def ask_again(request):
    for number in range(REPEATED - request.GET.get("less", "").count("1")):
        list(Generation.objects.filter(number=number))
    request.seen = trace.current()
    return HttpResponse()


urlpatterns = [path("ask", ask), path("again", ask_again), path("caches", use_caches)]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_notes_queries_without_their_values(client):
    seen = client.get("/ask").wsgi_request.seen

    written = [query for query in seen.queries if query.sql.startswith("INSERT")]
    assert [query.sql.count("%s") for query in written] == [2]
    assert all(query.seconds > 0 for query in seen.queries)
    assert seen.database_seconds >= sum(query.seconds for query in seen.queries)
    assert seen.seconds > seen.database_seconds


@pytest.mark.django_db(transaction=True)
def test_the_beginning_of_a_transaction_is_no_query(client):
    seen = client.get("/ask").wsgi_request.seen

    assert [query.sql.split()[0] for query in seen.queries] == ["SELECT", "INSERT"]


def test_knows_the_line_that_asks_again_and_again(client):
    seen = client.get("/again").wsgi_request.seen

    assert [place.rpartition(":")[0] for place in seen.places.values()] == [
        "tests/kernel/test_trace.py"
    ]
    assert client.get("/again?less=1").wsgi_request.seen.places == {}


def test_knows_the_line_that_asks_slowly(client, settings):
    settings.SLOW_QUERY_MS = 0
    seen = client.get("/ask").wsgi_request.seen

    assert seen.places.keys() == {query.sql for query in seen.queries}
    assert len(set(seen.places.values())) == 2


def test_notes_hits_misses_and_sets(client):
    seen = client.get("/caches").wsgi_request.seen

    assert seen.cache_uses == {
        CacheUse("default", "get", "miss"): 2,
        CacheUse("default", "get", "hit"): 2,
        CacheUse("default", "set", ""): 1,
        CacheUse("limits", "count", ""): 1,
    }
    assert seen.cache_seconds.keys() == {"default", "limits"}


def test_two_requests_share_nothing(client):
    first, second = (client.get("/ask").wsgi_request.seen for _ in range(2))

    assert first is not second
    assert len(first.queries) == len(second.queries)


def test_outside_of_a_request_nothing_is_noted():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.get("absent")

    assert trace.current() is None
