"""Each answer is counted once, with what it cost; nothing that goes wrong there fails it."""

import pytest
from django.http import HttpResponse
from django.urls import path

from monitoring import meters
from monitoring.services.totals import read_meters
from softfactory.kernel.http.problems import handler404, handler500
from softfactory.kernel.models import Generation
from softfactory.kernel.request_log import Answered

__all__ = ["handler404", "handler500", "urlpatterns"]


def three_queries(request, name):
    for _ in range(3):
        list(Generation.objects.all())
    return HttpResponse(b"x" * 700)


def broken(request):
    raise RuntimeError("a secret")


urlpatterns = [path("three/<name>", three_queries), path("broken", broken)]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

THREE = "GET /three/{name}"


def test_counts_status_queries_and_bytes_under_the_route(client, counted):
    for name in ("ana@example.test", "secret"):
        client.get(f"/three/{name}", headers={"Accept-Encoding": "identity"})

    found = counted()
    assert found[THREE, "status", "200"] == 2
    assert found[THREE, "queries", "3.0"] == 2
    assert found[THREE, "queries_sum", ""] == 6
    assert found[THREE, "bytes", ""] == 1400
    assert sum(n for key, n in found.items() if key[:2] == (THREE, "seconds")) == 2
    assert 0 < found[THREE, "database_seconds", ""] < found[THREE, "seconds_sum", ""]
    assert sum(n for key, n in found.items() if key[:2] == ("database default", "seconds")) == 6


def test_counts_an_error_as_such(client, counted):
    client.raise_request_exception = False
    client.get("/broken")

    assert counted()["GET /broken", "status", "500"] == 1


@pytest.mark.parametrize(("status", "origin"), [(200, "kept"), (304, "not_modified")])
def test_counts_an_answer_that_was_ready_like_any_other(counted, status, origin):
    meters.make_room()
    for _ in range(3):
        meters.count_ready(Answered(0.0, "an id", "GET", "/three/{name}", status, 700, 0.004))

    found = counted()
    assert found[THREE, "status", str(status)] == 3
    assert found[THREE, "origin", origin] == 3
    assert found[THREE, "queries", "0.0"] == 3
    assert found[THREE, "bytes", ""] == 2100
    assert found[THREE, "seconds", "0.005"] == 3
    assert found[THREE, "seconds_sum", ""] == pytest.approx(0.012)
    assert found["cache ready", "operation", "get hit"] == 3


def test_nothing_is_in_flight_afterwards(client):
    client.raise_request_exception = False
    client.get("/broken")

    _tally, standing = read_meters()
    assert standing["requests_in_flight"] == 0


def test_an_address_that_leads_nowhere_makes_no_meter_of_its_own(client, counted):
    for number in range(3):
        client.get(f"/nowhere/{number}")

    assert {key[0] for key in counted() if "nowhere" in key[0]} == set()
    assert counted()["GET unmatched", "status", "404"] == 3


def test_an_answer_that_can_not_be_counted_is_given(client, monkeypatch, caplog):
    monkeypatch.setattr(meters, "_at", lambda endpoint: 1 / 0)

    assert client.get("/three/x").status_code == 200
    assert "not counted" in caplog.text


def test_a_full_disk_makes_a_process_count_alone(settings, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").touch()
    settings.METERS_DIR = tmp_path / "file" / "meters"  # a folder that can't be made
    monkeypatch.setattr(meters.values, "ValueClass", meters.values.ValueClass)

    meters.make_room()

    assert meters.values.ValueClass is meters.LoneValue
    assert "counts alone" in caplog.text


def test_room_is_taken_beforehand(settings, tmp_path):
    settings.METERS_DIR = tmp_path

    meters.make_room()

    blocks = {p.name.rpartition("_")[0]: p.stat().st_blocks * 512 for p in tmp_path.iterdir()}
    assert blocks.keys() == meters.ROOM.keys()
    assert all(blocks[kind] >= size for kind, size in meters.ROOM.items())
