"""Metrics, budgets and the system: for staff, for the metrics token, in a demo for this machine."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families as families

from monitoring.budgets import BUDGETS
from monitoring.models import InvariantCount
from softfactory.kernel import clock
from softfactory.kernel.registry import invariants
from tests.monitoring.conftest import answers, make_sample

pytestmark = pytest.mark.django_db

METRICS = "/api/monitoring/metrics"
SERIES = "/api/monitoring/series"
STATS = "/api/cache/stats"
OF_THE_SYSTEM = ["/api/monitoring/system", "/api/monitoring/budgets", "/metrics"]
PATHS = [METRICS, SERIES, STATS, *OF_THE_SYSTEM]
TOKEN = "a-token-of-a-program-that-watches"


@pytest.mark.parametrize("path", PATHS)
class TestWho:
    def test_staff_may(self, api, browse, dee, path):
        for answer in (api(dee).get(path), browse(dee).get(path)):
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "private, no-store"

    def test_nobody_may_not(self, client, path):
        answer = client.get(path)

        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")

    def test_customers_may_not(self, api, ana, path):
        assert api(ana).get(path).status_code == 403

    def test_staffs_token_needs_the_scope(self, api, dee, path):
        assert api(dee, scopes=["bookings:read"]).get(path).status_code == 403

    def test_the_metrics_token_may(self, client, settings, path):
        settings.METRICS_TOKEN = TOKEN
        answer = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})

        assert answer.status_code == 200

    @pytest.mark.parametrize("shown", ["wrong", "", "é"])
    def test_another_may_not(self, client, settings, path, shown):
        settings.METRICS_TOKEN = TOKEN
        answer = client.get(path, headers={"Authorization": f"Bearer {shown}"})

        assert answer.status_code == 401

    def test_an_empty_token_is_none(self, client, settings, path):
        settings.METRICS_TOKEN = ""

        assert client.get(path, headers={"Authorization": "Bearer "}).status_code == 401

    def test_this_machine_may_in_a_demo(self, client, settings, path):
        settings.DEMO = True

        assert client.get(path).status_code == 200
        assert client.get(path, REMOTE_ADDR="192.0.2.1").status_code == 401
        assert client.get(path, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 401

    def test_writing_is_not_offered(self, api, dee, path):
        assert api(dee).post(path).status_code == 405


class TestMetrics:
    def test_has_what_programs_rely_on(self, api, dee, client):
        client.get("/coocook/explore")
        InvariantCount.objects.create(
            name="bookings.overlaps", violations=0, counted_at=clock.now()
        )

        found = api(dee).get(METRICS).json()

        assert found["response_time"].keys() == {"avg", "p50", "p95", "p99"}
        assert found["error_rate"] is not None
        assert found["requests_per_second"] >= 0
        assert found["db_query_time"]["avg"] > 0
        assert found["queries_per_request"].keys() == {"avg", "max"}
        assert found["memory_usage"] > 10
        assert found["cache_stats"].keys() >= {"hits", "misses", "hit_rate"}
        assert found["invariants"].keys() == {name for name, _count in invariants.items()}
        assert found["invariants"]["bookings.overlaps"] == 0
        assert found["tasks"]["waiting"] == 0
        assert [alert["rule"] for alert in found["alerts"]] == ["alerting_silent"]
        of_explore = [one for one in found["endpoints"] if one["route"] == "/coocook/explore"]
        explore = next(one for one in of_explore if one["method"] == "GET")
        assert explore["count"] >= 1
        assert explore["budget"] == BUDGETS["GET /coocook/explore"]._asdict()
        assert explore.keys() >= {"avg", "p95", "errors", "queries"}

    @pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,*/*;q=0.8"])
    def test_is_json_for_who_does_not_ask_for_text(self, api, dee, accept):
        answer = api(dee).get(METRICS, headers={"Accept": accept})

        assert answer.headers["Content-Type"] == "application/json"

    def test_takes_few_queries(self, api, dee, django_assert_max_num_queries):
        staff = api(dee)
        with django_assert_max_num_queries(BUDGETS[f"GET {METRICS}"].queries):
            staff.get(METRICS)


class TestExposition:
    @pytest.mark.parametrize("path", [METRICS, "/metrics"])
    def test_is_what_prometheus_reads(self, api, dee, client, path):
        client.get("/coocook/explore")
        answer = api(dee).get(path, headers={"Accept": "text/plain;version=0.0.4"})

        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        found = {family.name: family for family in families(answer.text)}
        routes = {sample.labels["route"] for sample in found["softfactory_requests"].samples}
        assert "/coocook/explore" in routes
        assert found["softfactory_memory_bytes"].samples[0].value > 10_000_000

    @pytest.mark.parametrize("path", [METRICS, "/metrics"])
    def test_is_openmetrics_for_who_prefers_it(self, api, dee, client, path):
        client.get("/coocook/explore")
        accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.3"
        answer = api(dee).get(path, headers={"Accept": accept})

        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert "softfactory_request_seconds" in {f.name for f in open_families(answer.text)}

    def test_is_at_its_usual_place_whatever_is_asked_for(self, api, dee):
        answer = api(dee).get("/metrics", headers={"Accept": "*/*"})

        assert answer.headers["Content-Type"].startswith("text/plain")

    def test_names_nobody(self, api, browse, ana, dee):
        browse(ana).get("/account")
        text = api(dee).get("/metrics").text

        assert "@" not in text
        assert "sf_" not in text


class TestSystem:
    def test_shows_what_the_site_uses(self, api, dee):
        found = api(dee).get("/api/monitoring/system").json()

        assert found["memory_mb"] > 10
        assert found["cpu_percent"] >= 0
        assert found["num_threads"] >= 1
        assert found["open_files"] > 0
        assert found["database"].keys() >= {"engine", "version", "size_bytes", "connections"}
        assert found["database"]["size_bytes"] > 0
        assert found["database"]["connections"] >= 1
        assert found["uptime_seconds"] >= 0
        assert found["workers"][0]["role"] == "web"
        assert found["disk"]["free_bytes"] > 0


class TestBudgets:
    def test_shows_every_budget_beside_what_was_used(self, api, dee, client):
        client.get("/coocook/explore")
        found = api(dee).get("/api/monitoring/budgets").json()

        assert found["targets"]["p95_ms"] == 150
        shown = {one["name"]: one for one in found["budgets"]}
        assert shown.keys() == BUDGETS.keys()
        explore = shown["GET /coocook/explore"]
        assert explore["measured"]["queries"] > 0
        assert set(explore["exceeds"]) <= {
            *("average_ms", "p95_ms", "queries", "bytes", "hit_rate")
        }


class TestSeries:
    def test_shows_columns_of_equal_length(self, api, dee, now):
        make_sample(now, answers(8))
        found = api(dee).get(SERIES, {"to": now.isoformat()}).json()

        assert {len(column) for column in found["columns"].values()} == {1}
        assert found["columns"]["at"][0] == now.timestamp() - 10
        assert found["columns"]["requests_per_second"] == [0.8]
        assert (found["requests"], found["hosts"]) == (8, ["one"])

    def test_of_one_endpoint(self, api, dee, now):
        make_sample(now, answers(8) + answers(2, subject="POST /y", status="404"))
        asked = {"to": now.isoformat(), "route": "POST /y"}

        assert api(dee).get(SERIES, asked).json()["statuses"] == {"404": 2}

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"from": "yesterday"}, "from"),
            ({"from": "2027-03-04T10:00Z", "to": "2027-03-04T10:00Z"}, "to"),
            ({"route": ""}, "route"),
            ({"to": "0001-01-01T00:00Z"}, "to"),
            ({"from": "9999-12-31T23:59Z"}, "from"),
            ({"range": "1h"}, "range"),
        ],
    )
    def test_refuses_what_it_does_not_understand(self, api, dee, asked, field):
        answer = api(dee).get(SERIES, asked)

        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [field]

    def test_takes_few_queries(self, api, dee, django_assert_max_num_queries):
        staff = api(dee)
        with django_assert_max_num_queries(BUDGETS[f"GET {SERIES}"].queries):
            staff.get(SERIES)
