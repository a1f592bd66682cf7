"""How often what is kept serves: counted exactly, by layer, and never made up."""

import json
import os
from collections import Counter
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import call_command

from monitoring import processes
from monitoring.models import Reading
from monitoring.services.caches.counting import cache_stats
from monitoring.services.totals import pack
from softfactory.kernel import clock
from tests.makers import make_product

pytestmark = pytest.mark.django_db(transaction=True)

STATS = "/api/cache/stats"
PRODUCTS = "/api/platform/products"
LAYERS = ["ready", "reads", "default"]
OTHERS = Counter(
    {
        ("GET /x", "origin", "kept"): 60,
        ("GET /x", "origin", "not_modified"): 20,
        ("GET /x", "origin", "made"): 20,
        ("cache ready", "operation", "get hit"): 50,
        ("cache ready", "operation", "get miss"): 50,
        ("cache fragments", "operation", "get hit"): 3,
        ("cache fragments", "operation", "get miss"): 1,
        ("cache limits", "operation", "count"): 7,
    }
)


@pytest.fixture
def nothing_counted(settings, tmp_path):
    """An empty folder of meters to read; this process goes on writing into its own."""
    settings.METERS_DIR.mkdir(parents=True, exist_ok=True)
    settings.METERS_DIR = tmp_path


@pytest.fixture
def other_host(nothing_counted):
    """Another host, which answered a hundred public reads."""
    gauges = {"cached_items": 12}
    return Reading.objects.create(
        host="other", taken_at=clock.now(), tally=pack(OTHERS), gauges=gauges
    )


def stats():
    return cache_stats(now=clock.now())


def layers(found):
    return {layer["name"]: (layer["hits"], layer["misses"]) for layer in found["layers"]}


def test_nothing_is_made_up_before_the_first_request(nothing_counted):
    found = stats()

    assert (found["hits"], found["misses"], found["total_requests"]) == (0, 0, 0)
    assert found["hit_rate"] is None
    assert [layer["name"] for layer in found["layers"]] == LAYERS
    assert {layer["hit_rate"] for layer in found["layers"]} == {None}


@pytest.fixture
def alone(settings):
    """No process that another test started and ended has left what it told of itself."""
    for path in settings.METERS_DIR.glob("gauge_live*.db"):
        pid = int(path.stem.rpartition("_")[2])
        if pid != os.getpid():
            processes.forget_state_of(pid, settings.METERS_DIR)


def test_every_read_is_counted_once(client, alone):
    make_product()
    before = stats()
    etag = client.get(PRODUCTS).headers["ETag"]
    client.get(PRODUCTS)
    client.get(PRODUCTS, headers={"If-None-Match": etag})
    after = stats()

    assert after["hits"] - before["hits"] == 2
    assert after["misses"] - before["misses"] == 1
    hits, misses = layers(after)["reads"]
    assert (hits - layers(before)["reads"][0], misses - layers(before)["reads"][1]) == (2, 1)
    assert after["cached_items"] == caches["default"].count_entries() > 0


def test_other_hosts_count_too(other_host):
    found = stats()

    assert (found["hits"], found["misses"], found["hit_rate"]) == (80, 20, 80.0)
    assert layers(found) == {
        "ready": (50, 50),
        "reads": (30, 20),
        "default": (0, 0),
        "fragments": (3, 1),
    }


def test_staff_gets_it_as_json(other_host, api, dee, settings):
    found = api(dee).get(STATS).json()

    assert found["total_requests"] == 100
    assert found["layers"][0] == {
        "name": "ready",
        "hits": 50,
        "misses": 50,
        "hit_rate": 50.0,
        "total_requests": 100,
    }
    if not settings.REDIS_URL:
        assert found["cached_items"] == 12


def test_the_command_prints_it(other_host):
    text, as_json = StringIO(), StringIO()
    call_command("cache_stats", stdout=text)
    call_command("cache_stats", "--json", stdout=as_json)

    assert text.getvalue().splitlines()[1].split() == ["all", "reads", "80", "20", "80.0", "%"]
    assert "entries in the default cache" in text.getvalue()
    assert json.loads(as_json.getvalue())["hit_rate"] == 80.0
