"""The line of each request: what it says, that it is cheap, and that nothing waits for it."""

import json
import logging
from pathlib import Path

import pytest
from django.db import connection

from softfactory.kernel import request_log
from softfactory.kernel.request_log import Answered
from tests.site import Site, throw_away_database

ANSWERED = Answered(
    at=1_800_000_000.5,
    request_id="mine",
    method="GET",
    route="/coocook/chefs/{pk}",
    status=200,
    seconds=0.01234,
    database_seconds=0.00456,
    queries=3,
    size=17,
    user_id=None,
)


@pytest.fixture
def lines(settings, monkeypatch):
    """The requests told of since, while they are."""
    settings.LOG_REQUESTS = True
    put = []
    monkeypatch.setattr(request_log.lines, "put", put.append)
    return put


def test_as_json():
    line = ANSWERED.as_json()

    assert line.endswith(b"}\n")
    assert json.loads(line) == {
        "timestamp": "2027-01-15T08:00:00.500Z",
        "level": "info",
        "logger": "softfactory.requests",
        "event": "request",
        "request_id": "mine",
        "route": "/coocook/chefs/{pk}",
        "user_id": None,
        "method": "GET",
        "status": 200,
        "duration_ms": 12.3,
        "db_ms": 4.6,
        "queries": 3,
        "bytes": 17,
    }


def test_as_a_line():
    assert ANSWERED.as_line() == (
        b"2027-01-15T08:00:00.500Z INFO softfactory.requests [mine] GET /coocook/chefs/{pk} 200"
        b" 12.3 ms, 4.6 ms in 3 queries, 17 bytes, user -\n"
    )


def test_each_request_leaves_one(lines, browse, ana, chef):
    answer = browse(ana).get("/account?token=hunter2", headers={"X-Request-ID": "mine"})
    browse(None).get("/absent/secret")

    first, second = lines
    assert (first.request_id, first.method) == ("mine", "GET")
    assert (first.route, first.status, first.user_id) == ("/account", 200, ana.pk)
    assert first.queries > 0
    assert 0 < first.database_seconds < first.seconds
    assert first.size == len(answer.content)
    assert (second.route, second.status, second.user_id) == ("unmatched", 404, None)


@pytest.mark.parametrize(("name", "status"), [("brand/favicon.svg", 200), ("absent.svg", 404)])
@pytest.mark.django_db
def test_files_are_one_route(lines, client, name, status):
    client.get(f"/static/{name}").close()

    assert [(line.route, line.status) for line in lines] == [("static", status)]


def test_a_token_says_who_it_is(lines, api, ana):
    api(ana).get("/api/auth/me")

    assert [line.user_id for line in lines] == [ana.pk]


def test_none_if_nobody_wants_them(lines, settings, client):
    settings.LOG_REQUESTS = False
    client.get("/api/health")

    assert lines == []


def test_a_slow_request_is_a_warning_with_its_queries(settings, caplog, browse, ana):
    settings.SLOW_REQUEST_MS = settings.SLOW_QUERY_MS = 0
    browse(ana).get("/account")

    slow = next(record for record in caplog.records if record.name == "softfactory.requests")
    assert (slow.levelno, slow.getMessage(), slow.status) == (logging.WARNING, "slow request", 200)
    assert slow.queries[0]["ms"] >= slow.queries[-1]["ms"]
    assert all(query["times"] and "ana@" not in query["sql"] for query in slow.queries)
    assert any(query["place"].startswith("softfactory/accounts/") for query in slow.queries)


@pytest.fixture
def site(tmp_path):
    """A site that logs JSON."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url, LOG_FORMAT="json", WEB_CONCURRENCY="1")
        yield site
        site.kill()


def test_everything_that_a_server_says_is_json(site):
    site.start()
    for _number in range(20):
        assert site.call("GET", "/api/auth/me").status == 401
    site.stop()

    said = [json.loads(line) for line in site.log.read_text().splitlines()]
    requests = [line for line in said if line["event"] == "request"]
    assert [line["route"] for line in requests].count("/api/auth/me") == 20
    assert {line["logger"] for line in said} >= {"gunicorn.error", "softfactory.requests"}


def test_a_full_disk_fails_no_request(site):
    site.log = Path("/dev/full")
    site.start()

    assert [site.call("GET", "/api/health").status for _number in range(20)] == [200] * 20
