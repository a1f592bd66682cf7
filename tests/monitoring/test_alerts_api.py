"""GET /api/monitoring/alerts: what is open, what is over, and whether anybody watches."""

from datetime import timedelta

import pytest

from monitoring.budgets import BUDGETS
from monitoring.models import Alert, AlertDelivery, AlertRound
from monitoring.services.alerts.silences import silence
from softfactory.kernel import clock
from tests.bookings.answers import problem
from tests.monitoring.makers import make_channel, make_rule

PATH = "/api/monitoring/alerts"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def watched(db, now):
    """Rules were evaluated just now."""
    return AlertRound.objects.create(pk=1, evaluated_at=now, next_at=now)


def make_alert(rule=None, *, now, state="firing", minutes=10, **overrides):
    """An alert that opened so many minutes ago."""
    opened_at = now - timedelta(minutes=minutes)
    values = {
        "rule": rule or make_rule(),
        "state": state,
        "opened_at": opened_at,
        "fired_at": None if state == "pending" else opened_at + timedelta(minutes=1),
        "resolved_at": opened_at + timedelta(minutes=5) if state == "resolved" else None,
        "threshold": 1,
        "fired_value": None if state == "pending" else 3.2,
        "worst_value": 4.5,
        "last_value": 2,
    }
    return Alert.objects.create(**values | overrides)


def test_shows_what_is_open_then_what_is_over(api, dee, now, watched):
    over = make_alert(state="resolved", minutes=90, now=now)
    older = make_alert(state="resolved", minutes=900, now=now)
    firing = make_alert(minutes=20, now=now)
    pending = make_alert(state="pending", now=now)
    answer = api(dee).get(PATH)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert [row["id"] for row in body["open"]] == [firing.pk, pending.pk]
    assert [row["id"] for row in body["results"]] == [over.pk, older.pk]
    assert (body["next"], body["previous"]) == (None, None)
    assert body["evaluated_at"] == now.isoformat().replace("+00:00", "Z")


def test_shows_all_of_an_alert(api, dee, now, watched):
    alert = make_alert(make_rule(key="errors", look_at_path="/monitoring/routes"), now=now)
    channel = make_channel("https://hooks.example/a-secret-path")
    AlertDelivery.objects.create(
        alert=alert, channel=channel, transition="firing", attempts=2, last_error="It said 500."
    )
    (row,) = api(dee).get(PATH).json()["open"]
    assert row == {
        "id": alert.pk,
        "rule": "errors",
        "name": "Too many errors",
        "severity": "warning",
        "metric": "error_rate",
        "comparison": "above",
        "threshold": 1.0,
        "unit": "%",
        "state": "firing",
        "value": 2.0,
        "fired_value": 3.2,
        "worst_value": 4.5,
        "since": alert.opened_at.isoformat().replace("+00:00", "Z"),
        "fired_at": alert.fired_at.isoformat().replace("+00:00", "Z"),
        "resolved_at": None,
        "is_silenced": False,
        "look_at": {"text": "The log.", "path": "/monitoring/routes"},
        "deliveries": [
            {
                "channel": "hooks.example",
                "kind": "webhook",
                "transition": "firing",
                "state": "waiting",
                "attempts": 2,
                "sent_at": None,
                "last_error": "It said 500.",
            }
        ],
    }


def test_says_what_is_silenced(api, dee, now, watched):
    silenced, heard = make_alert(now=now, minutes=20), make_alert(now=now)
    silence(rule=silenced.rule, lasting=timedelta(hours=1), by=dee, now=now)
    rows = api(dee).get(PATH).json()["open"]
    assert [(row["id"], row["is_silenced"]) for row in rows] == [
        (silenced.pk, True),
        (heard.pk, False),
    ]


def test_the_history_is_read_by_cursor(api, dee, now, watched):
    rule = make_rule()
    pks = [make_alert(rule, state="resolved", minutes=m, now=now).pk for m in (60, 70, 80)]
    client = api(dee)
    first = client.get(PATH, {"limit": 2}).json()
    second = client.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == pks
    assert second["next"] is None


# --- The alerts' own silence ----------------------------------------------------------------


def test_the_web_notices_that_nobody_watches(api, dee, now, watched):
    AlertRound.objects.update(evaluated_at=now - timedelta(seconds=121))
    alert = make_alert(now=now)
    own, other = api(dee).get(PATH).json()["open"]
    assert other["id"] == alert.pk
    assert (own["id"], own["rule"], own["state"]) == (None, "alerting_silent", "firing")
    assert (own["severity"], own["threshold"], own["unit"]) == ("critical", 120, "s")
    assert own["value"] >= 121
    assert "run_due" in own["look_at"]["text"]
    assert own["deliveries"] == []


def test_a_round_that_is_two_minutes_old_will_do(api, dee, now, watched):
    AlertRound.objects.update(evaluated_at=now - timedelta(seconds=100))
    assert api(dee).get(PATH).json()["open"] == []


def test_a_site_that_never_watched_says_so(api, dee):
    AlertRound.objects.all().delete()
    body = api(dee).get(PATH).json()
    assert body["evaluated_at"] is None
    assert [row["rule"] for row in body["open"]] == ["alerting_silent"]


# --- Who, and how -------------------------------------------------------------------------


def test_is_for_staff(api, ana):
    assert problem(api().get(PATH)) == (401, "not_authenticated")
    assert problem(api(ana).get(PATH)) == (403, "permission_denied")


def test_needs_its_scope(api, dee):
    assert problem(api(dee, scopes=["bookings:read"]).get(PATH)) == (403, "scope_missing")


def test_opens_to_the_metrics_token(client, settings, watched):
    settings.METRICS_TOKEN = "a-token-for-tests"
    answer = client.get(PATH, headers={"Authorization": "Bearer a-token-for-tests"})
    assert answer.status_code == 200


@pytest.mark.parametrize("query", [{"limit": 0}, {"cursor": "x"}, {"state": "firing"}])
def test_refuses_other_parameters(api, dee, query):
    assert problem(api(dee).get(PATH, query)) == (400, "invalid")


def test_costs_as_much_however_many_there_are(
    api, dee, now, watched, django_assert_max_num_queries
):
    channel = make_channel()
    for number in range(20):
        alert = make_alert(state="resolved" if number % 2 else "firing", now=now)
        AlertDelivery.objects.create(alert=alert, channel=channel, transition="firing")
    client = api(dee)
    with django_assert_max_num_queries(BUDGETS[f"GET {PATH}"].queries):
        assert len(client.get(PATH).json()["results"]) == 10
