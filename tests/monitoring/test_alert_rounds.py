"""Rules are judged in rounds: pending, firing, resolved, and no verdict without data."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.models import Alert, AlertDelivery, AlertRound, AlertRule, InvariantCount
from monitoring.services.alerts import readings, rounds
from monitoring.services.alerts.rounds import evaluate_rules, forget_alerts
from monitoring.services.alerts.silences import silence
from monitoring.services.series import Series
from tests.monitoring.makers import make_channel, make_rule

START = datetime(2027, 3, 1, 12, tzinfo=UTC)


def seen(requests=1000, errors=0, **figures):
    """The figures of a window, in which all is well but what is named."""
    calm = {"avg": 20, "p95": 40, "query_avg": 1, "hit_rate": 90, "memory_mb": 200}
    rate = errors / requests * 100 if requests else None
    return Series(
        start=START,
        end=START,
        step=86400,
        hosts=["one"],
        columns={},
        whole=calm | {"error_rate": rate} | figures,
        requests=requests,
        statuses={},
        seconds={},
        latest=START,
    )


CALM = seen()
BAD = seen(errors=50)
BETTER = seen(errors=8)  # 0.8 %: not crossed, not recovered either
IDLE = seen(requests=0, avg=None, p95=None, query_avg=None, hit_rate=None)


@pytest.fixture
def site(db, monkeypatch):
    """`site.seen` is what the figures show, of any window or by its seconds; no other rules."""
    AlertRule.objects.all().delete()

    class Site:
        seen = CALM
        asked = []

    def series(*, start, end, now, points):
        seconds = (end - start).total_seconds()
        Site.asked.append(seconds)
        return Site.seen[seconds] if isinstance(Site.seen, dict) else Site.seen

    monkeypatch.setattr(readings, "series", series)
    Site.asked = []
    return Site


@pytest.fixture
def clockwork(site):
    """`clockwork(60, BAD)` is a round that many seconds after the start, with these figures."""

    def go(seconds, seen):
        site.seen = seen
        return evaluate_rules(START + timedelta(seconds=seconds))

    return go


def states():
    return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def told():
    rows = AlertDelivery.objects.order_by("pk")
    return list(rows.values_list("channel__address", "transition", "state"))


# --- From the first sign to the end ---------------------------------------------------------


def test_fires_once_it_has_held_and_resolves_once_it_is_over(clockwork):
    make_rule()
    make_channel()
    clockwork(0, BAD)
    assert (states(), told()) == (["pending"], [])
    clockwork(45, BAD)
    assert states() == ["pending"]
    clockwork(60, seen(errors=30))
    assert states() == ["firing"]
    assert told() == [("dee@example.test", "firing", "waiting")]
    clockwork(75, seen(errors=90))
    clockwork(90, CALM)
    clockwork(195, CALM)
    assert states() == ["firing"]
    clockwork(210, CALM)
    assert states() == ["resolved"]
    assert [row[1] for row in told()] == ["firing", "resolved"]
    alert = Alert.objects.get()
    assert (alert.opened_at, alert.fired_at) == (START, START + timedelta(seconds=60))
    assert alert.resolved_at == START + timedelta(seconds=210)
    assert (alert.fired_value, alert.worst_value, alert.last_value) == (3, 9, 0)


def test_is_dropped_if_it_does_not_hold(clockwork):
    make_rule()
    clockwork(0, BAD)
    clockwork(15, CALM)
    assert states() == []


def test_fires_at_once_if_the_rule_says_so(clockwork):
    make_rule(for_seconds=0)
    make_channel()
    clockwork(0, BAD)
    assert states() == ["firing"]
    assert len(told()) == 1


def test_does_not_flap(clockwork):
    make_rule(for_seconds=0)
    make_channel()
    for number in range(40):
        clockwork(15 * number, BAD if number % 2 else BETTER if number % 4 else CALM)
    assert states() == ["firing"]
    assert len(told()) == 1


def test_opens_anew_after_it_was_resolved(clockwork):
    make_rule(for_seconds=0, recover_seconds=0)
    for number, seen in enumerate([BAD, CALM, BAD]):
        clockwork(15 * number, seen)
    assert states() == ["resolved", "firing"]


def test_a_rule_that_is_not_watched_any_more_resolves(clockwork):
    rule = make_rule(for_seconds=0)
    pending = make_rule()
    make_channel()
    clockwork(0, BAD)
    AlertRule.objects.filter(pk__in=[rule.pk, pending.pk]).update(is_enabled=False)
    clockwork(15, BAD)
    assert states() == ["resolved"]
    assert [row[1] for row in told()] == ["firing", "resolved"]


# --- No data is no verdict ------------------------------------------------------------------


@pytest.mark.parametrize("idle", [IDLE, seen(requests=9, errors=9, hit_rate=0)])
def test_an_idle_site_fires_nothing(clockwork, idle):
    make_rule(for_seconds=0)
    make_rule(
        metric="cache_hit_rate",
        comparison="below",
        threshold=60,
        recovers_at=None,
        least_requests=10,
    )
    clockwork(0, idle)
    assert states() == []


def test_without_data_a_pending_alert_is_dropped(clockwork):
    make_rule()
    clockwork(0, BAD)
    clockwork(15, IDLE)
    assert states() == []


def test_without_data_a_firing_alert_stays(clockwork):
    make_rule(for_seconds=0, recover_seconds=0)
    clockwork(0, BAD)
    clockwork(15, IDLE)
    assert states() == ["firing"]


# --- Metrics --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("api_response_time", 20),
        ("api_response_time_p95", 40),
        ("db_query_time", 1),
        ("memory_usage", 200),
        ("cache_hit_rate", 90),
        ("error_rate", 0),
        ("task_queue_age", 0),
        ("invariant_violations", 3),
    ],
)
def test_value(site, metric, value):
    InvariantCount.objects.create(name="bookings.overlaps", violations=3, counted_at=START)
    assert readings.Readings(now=START).value_of(make_rule(metric=metric)) == value


def test_invariants_that_were_never_counted_are_no_data(site):
    assert readings.Readings(now=START).value_of(make_rule(metric="invariant_violations")) is None


def test_figures_of_a_window_are_made_once(clockwork, site):
    make_rule()
    make_rule(metric="memory_usage", threshold=500)
    make_rule(window_seconds=900)
    clockwork(0, CALM)
    assert sorted(site.asked) == [300, 900]


def burn_rule():
    return make_rule(
        metric="slo_burn",
        objective=99.9,
        threshold=14.4,
        recovers_at=None,
        window_seconds=3600,
        short_window_seconds=300,
        for_seconds=0,
        recover_seconds=0,
    )


def windows(long, short):
    """Errors of a thousand requests in each window."""
    return {3600: seen(errors=long), 300: seen(errors=short)}


@pytest.mark.parametrize(
    ("long", "short", "fires"),
    [(15, 15, True), (14, 100, False), (100, 14, False), (0, 0, False)],
)
def test_a_budget_burns_if_both_windows_say_so(clockwork, long, short, fires):
    burn_rule()
    clockwork(0, windows(long, short))
    assert states() == (["firing"] if fires else [])


def test_a_burn_rate_is_that_of_the_slower_window(clockwork):
    burn_rule()
    clockwork(0, windows(30, 20))
    assert Alert.objects.get().fired_value == pytest.approx(20)


def test_a_burn_is_over_once_the_short_window_is_clean(clockwork):
    burn_rule()
    clockwork(0, windows(30, 30))
    clockwork(15, windows(30, 0) | {300: IDLE})
    assert states() == ["resolved"]


# --- Rounds ---------------------------------------------------------------------------------


def test_a_round_takes_place_every_15_seconds(clockwork):
    make_rule()
    assert [clockwork(seconds, CALM) for seconds in (0, 5, 10, 15, 20)] == [1, 0, 0, 1, 0]
    assert AlertRound.objects.get().evaluated_at == START + timedelta(seconds=15)


def test_a_rule_that_can_not_be_judged_keeps_none_of_the_others_but_the_round(
    clockwork, monkeypatch, caplog
):
    make_rule(key="a", metric="task_queue_age")
    make_rule(key="b", for_seconds=0)

    def fail(**_kwargs):
        raise RuntimeError

    monkeypatch.setattr(readings, "queue", fail)
    assert clockwork(0, BAD) == 1
    assert states() == ["firing"]
    assert AlertRound.objects.get().evaluated_at is None
    assert "The rule a could not be judged" in caplog.text


def test_a_calm_round_costs_few_queries(clockwork, django_assert_num_queries):
    for _number in range(5):
        make_rule()
    clockwork(0, CALM)
    # The round's row, its claim, what is open, the rules, what has no rule, the round's end.
    with django_assert_num_queries(6):
        clockwork(15, CALM)


def test_another_clock_that_was_faster_is_no_failure(site, monkeypatch):
    rule = make_rule(for_seconds=0)
    make_channel()
    rounds.judge(rule, None, 5.0, now=START)
    rounds.judge(rule, None, 5.0, now=START)
    assert states() == ["firing"]
    assert len(told()) == 1


# --- Silences -------------------------------------------------------------------------------


def test_what_a_silence_held_back_is_never_told(clockwork, dee):
    rule = make_rule(for_seconds=0, recover_seconds=0)
    make_channel()
    silence(rule=rule, lasting=timedelta(hours=1), by=dee, now=START)
    clockwork(0, BAD)
    clockwork(15, CALM)
    assert states() == ["resolved"]
    assert told() == [("dee@example.test", "firing", "dropped")]


def test_who_was_told_of_the_beginning_is_told_of_the_end(clockwork, dee):
    rule = make_rule(for_seconds=0, recover_seconds=0)
    make_channel()
    clockwork(0, BAD)
    AlertDelivery.objects.update(state="sent", sent_at=START, attempts=1)
    make_channel("late@example.test")
    silence(rule=rule, lasting=timedelta(hours=1), by=dee, now=START)
    clockwork(15, CALM)
    assert told() == [
        ("dee@example.test", "firing", "sent"),
        ("dee@example.test", "resolved", "waiting"),
    ]


def test_forgets_what_has_been_over_for_a_year(clockwork):
    make_rule(for_seconds=0, recover_seconds=0)
    make_channel()
    clockwork(0, BAD)
    clockwork(15, CALM)
    clockwork(30, BAD)
    assert forget_alerts(START + timedelta(days=365)) == 0
    assert forget_alerts(START + timedelta(days=366)) == 1
    assert states() == ["firing"]
