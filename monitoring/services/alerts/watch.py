"""Who watches the clock: whoever asks the web for alerts learns that the rounds have stopped."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitoring.models import Alert, AlertRound, AlertRule, AlertSilence
from monitoring.querysets import AlertQuerySet

SILENT_AFTER = timedelta(minutes=2)


def evaluated_at() -> datetime | None:
    """Return when all rules were judged last; None if never."""
    rounds = AlertRound.objects.filter(pk=AlertRound.THE_ONE)
    return rounds.values_list("evaluated_at", flat=True).first()


def is_silent(last: datetime | None, *, now: datetime) -> bool:
    """Tell whether alerts can't be relied on, since rules were judged so long ago, or never."""
    return last is None or now - last > SILENT_AFTER


def open_alerts(alerts: AlertQuerySet, *, last: datetime | None, now: datetime) -> list[Alert]:
    """Return those of `alerts` that are pending or fire, with their rules, the oldest first.

    If the last round was too long ago, that comes before all: as a firing alert that no clock
    raised.
    """
    found = alerts.open().with_rule().order_by("opened_at", "pk")
    return [*_alerting_silent(last, now), *found]


def _alerting_silent(last: datetime | None, now: datetime) -> Iterator[Alert]:
    if not is_silent(last, now=now):
        return
    silent_for = (now - last).total_seconds() if last else 0.0
    threshold = SILENT_AFTER.total_seconds()
    rule = AlertRule(
        key="alerting_silent",
        name=_("Alerts are not evaluated"),
        severity=AlertRule.Severity.CRITICAL,
        metric="alerting_silent",
        threshold=threshold,
        window_seconds=0,
        look_at=_("Does the clock run (`manage.py run_due --loop`)? If it does, its log says why."),
        look_at_path="/monitoring/",
    )
    yield Alert(
        rule=rule,
        state=Alert.State.FIRING,
        opened_at=last or now,
        fired_at=last + SILENT_AFTER if last else now,
        threshold=threshold,
        fired_value=threshold,
        worst_value=silent_for,
        last_value=silent_for,
    )


def silences_at(now: datetime) -> list[AlertSilence]:
    """Return the silences that hold now."""
    return list(AlertSilence.objects.at(now))


def is_covered(alert: Alert, silences: Iterable[AlertSilence], *, now: datetime) -> bool:
    """Tell whether one of these silences keeps the alert from being told."""
    return any(one.covers(alert.rule_id, at=now) for one in silences)
