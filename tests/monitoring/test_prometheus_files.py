"""What is shipped for Prometheus and Grafana asks for metrics that the site shows."""

import json
import re
from itertools import combinations

import pytest
from django.conf import settings
from prometheus_client.metrics import MetricWrapperBase

from monitoring import meters
from monitoring.budgets import TARGETS
from monitoring.models import AlertRule
from monitoring.services.exposition import Standing
from softfactory.kernel import clock
from tests.monitoring.dashboards import names_in, panels_of, rules_of

DEPLOY = settings.BASE_DIR / "docs" / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "softfactory.json"
SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}


@pytest.fixture
def shown(db):
    """The name of every series that the site shows."""
    wrappers = [one for one in vars(meters).values() if isinstance(one, MetricWrapperBase)]
    families = [family for one in wrappers for family in one.describe()]
    families += Standing(clock.now()).collect()
    return {family.name + suffix for family in families for suffix in SUFFIXES[family.type]}


def test_the_rules_ask_for_what_is_there(shown):
    recorded, expressions = rules_of(RULES)

    assert {name for one in expressions for name in names_in(one)} - shown - recorded == set()


def test_the_dashboard_asks_for_what_is_there(shown):
    recorded, _expressions = rules_of(RULES)
    asked = {name for _title, one in panels_of(DASHBOARD) for name in names_in(one)}
    listed = names_in(json.dumps(json.loads(DASHBOARD.read_text())["templating"]).replace('"', " "))

    assert asked
    assert (asked | listed) - shown - recorded == set()


def test_the_dashboard_shows_every_metric(shown):
    asked = {name for _title, one in panels_of(DASHBOARD) for name in names_in(one)}
    families = {re.sub("_(total|bucket|count|sum)$", "", name) for name in shown}

    assert families - {re.sub("_(total|bucket|count|sum)$", "", name) for name in asked} == set()


def test_the_dashboard_names_no_data_source_of_ours():
    board = json.loads(DASHBOARD.read_text())
    variable = board["templating"]["list"][0]
    sources = {
        json.dumps(target["datasource"], sort_keys=True)
        for panel in board["panels"]
        for target in panel.get("targets", ())
    }

    assert (variable["name"], variable["type"]) == ("datasource", "datasource")
    assert sources == {'{"type": "prometheus", "uid": "${datasource}"}'}
    assert board["id"] is None


def test_no_two_panels_lie_on_one_another():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    places = [panel["gridPos"] for panel in panels]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []


def overlap(one, other):
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_the_thresholds_are_the_targets():
    text = RULES.read_text()

    assert f"p95_5m > {TARGETS.p95_ms / 1000} " in text
    assert f'le="{TARGETS.p95_ms / 1000}"' in text
    assert TARGETS.p95_ms / 1000 in meters.SECONDS
    budgets = set(re.findall(r"error_ratio\w+ > [\d.]+ \* ([\d.]+)", text))
    assert budgets == {str(TARGETS.error_rate / 100)}


@pytest.mark.django_db
def test_the_thresholds_are_those_of_the_sites_own_alerts():
    """Prometheus counts in seconds, bytes and shares, the site in ms, MB and percent."""
    text = RULES.read_text()
    own = {rule.key: rule.threshold for rule in AlertRule.objects.all()}

    for condition in (
        f"mean5m > {own['api-response-time'] / 1000} and job:softfactory_requests",
        f"request_seconds:p95_5m > {own['api-response-time-p95'] / 1000} ",
        f"query_seconds:mean5m > {own['db-query-time'] / 1000} ",
        f"memory_bytes:sum > {own['memory-usage']:.0f}e6",
        f"hit_ratio15m < {own['cache-hit-rate'] / 100} ",
        f"error_ratio5m > {own['error-rate'] / 100} ",
        f"error_ratio1h > {own['slo-burn-fast']} * ",
        f"error_ratio6h > {own['slo-burn-slow']:.0f} * ",
        f"oldest_seconds > {own['task-queue-age']:.0f}",
        f"invariant_violations > {own['invariants']:.0f}",
    ):
        assert condition in text
