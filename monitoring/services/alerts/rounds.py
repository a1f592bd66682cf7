"""Rounds: one clock at a time judges all rules, and says so when it is done.

What it finds moves an alert from pending to firing to resolved, each by a conditional update that
also records who is to be told. Several clocks may call this at once, on any number of machines.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from monitoring.models import Alert, AlertChannel, AlertDelivery, AlertRound, AlertRule
from monitoring.querysets import AlertChannelQuerySet
from monitoring.services.alerts.readings import Readings
from monitoring.services.alerts.silences import is_silenced
from monitoring.services.system import this_host
from softfactory.kernel.db.retry import transactional

State = Alert.State
Transition = AlertDelivery.Transition

PAUSE = timedelta(seconds=15)
KEPT_FOR = timedelta(days=365)

logger = logging.getLogger(__name__)


def evaluate_rules(now: datetime) -> int:
    """Judge every rule, if nobody did in the last 15 seconds; return how many were judged.

    Only a round in which every rule could be judged counts as one that took place.
    """
    if not _begin_round(now):
        return 0
    open_alerts = {alert.rule_id: alert for alert in Alert.objects.open().with_rule()}
    readings = Readings(now=now)
    rules = list(AlertRule.objects.enabled())
    judged = 0
    for rule in rules:
        try:
            judge(rule, open_alerts.get(rule.pk), readings.value_of(rule), now=now)
        except Exception:  # the other rules have their turn
            logger.exception("The rule %s could not be judged", rule.key)
        else:
            judged += 1
    for alert in Alert.objects.open().without_rule().with_rule():
        _end(alert, alert.last_value, now=now)
    if judged == len(rules):
        AlertRound.objects.filter(pk=AlertRound.THE_ONE).update(evaluated_at=now, host=this_host())
    return judged


def _begin_round(now: datetime) -> bool:
    AlertRound.objects.get_or_create(pk=AlertRound.THE_ONE, defaults={"next_at": now})
    due = AlertRound.objects.filter(pk=AlertRound.THE_ONE, next_at__lte=now)
    return due.update(next_at=now + PAUSE) == 1


def judge(rule: AlertRule, alert: Alert | None, value: float | None, *, now: datetime) -> None:
    """Let the rule's open alert, if there is one, follow from this value. None is no verdict."""
    if alert is None:
        if value is not None and rule.is_crossed(value):
            _open(rule, value, now=now)
    elif alert.state == State.PENDING:
        if value is None or not rule.is_crossed(value):
            Alert.objects.pending().filter(pk=alert.pk).delete()
        elif now - alert.opened_at >= timedelta(seconds=rule.for_seconds):
            _fire(alert, value, now=now)
    elif value is not None:
        _follow(alert, value, now=now)


def _open(rule: AlertRule, value: float, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            alert = Alert.objects.create(
                rule=rule,
                opened_at=now,
                threshold=rule.threshold,
                worst_value=value,
                last_value=value,
            )
    except IntegrityError:  # another clock has opened it
        return
    if not rule.for_seconds:
        _fire(alert, value, now=now)


@transactional
def _fire(alert: Alert, value: float, *, now: datetime) -> None:
    fired = Alert.objects.pending().filter(pk=alert.pk)
    if fired.update(
        state=State.FIRING,
        fired_at=now,
        fired_value=value,
        worst_value=alert.rule.worse(alert.worst_value, value),
        last_value=value,
    ):
        _tell(alert, Transition.FIRING, AlertChannel.objects.told_of_alerts(), now=now)


def _follow(alert: Alert, value: float, *, now: datetime) -> None:
    rule = alert.rule
    since = (alert.recovering_since or now) if rule.is_recovered(value) else None
    if since is not None and now - since >= timedelta(seconds=rule.recover_seconds):
        _end(alert, value, now=now)
        return
    Alert.objects.firing().filter(pk=alert.pk).update(
        worst_value=rule.worse(alert.worst_value, value),
        last_value=value,
        recovering_since=since,
    )


@transactional
def _end(alert: Alert, value: float, *, now: datetime) -> None:
    """Resolve the alert. Whoever was told of it is told; whoever a silence spared is spared."""
    Alert.objects.pending().filter(pk=alert.pk).delete()
    firing = Alert.objects.firing().filter(pk=alert.pk)
    if not firing.update(
        state=State.RESOLVED, resolved_at=now, last_value=value, recovering_since=None
    ):
        return
    beginnings = alert.deliveries.of_firing()
    if is_silenced(alert.rule_id, now=now):
        beginnings.untried().update(state=AlertDelivery.State.DROPPED)
    told = beginnings.exclude(
        state__in=[AlertDelivery.State.DROPPED, AlertDelivery.State.FAILED]
    ).values("channel")
    channels = AlertChannel.objects.told_of_alerts().filter(pk__in=told)
    _tell(alert, Transition.RESOLVED, channels, now=now)


def _tell(alert: Alert, transition: str, channels: AlertChannelQuerySet, *, now: datetime) -> None:
    AlertDelivery.objects.bulk_create(
        AlertDelivery(
            alert=alert, channel=channel, transition=transition, next_try_at=now, created_at=now
        )
        for channel in channels
    )


def forget_alerts(now: datetime) -> int:
    """Forget what has been over for a year; return how many alerts that was."""
    _all, per_model = Alert.objects.over_before(now - KEPT_FOR).delete()
    return per_model.get("monitoring.Alert", 0)
