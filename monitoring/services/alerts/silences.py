"""Silences: for a while, nobody is told."""

from datetime import datetime, timedelta

from monitoring.models import AlertDelivery, AlertRule, AlertSilence
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional


def silence(
    *, rule: AlertRule | None, lasting: timedelta, by: User, now: datetime, reason: str = ""
) -> AlertSilence:
    """Tell nobody of this rule's alerts, or of any rule's, for so long."""
    return AlertSilence.objects.create(
        rule=rule, starts_at=now, ends_at=now + lasting, reason=reason, silenced_by=by
    )


@transactional
def end_silence(*, silence: AlertSilence, now: datetime) -> bool:
    """End it now, so that what still fires is told; return whether it held or was to come."""
    unended = AlertSilence.objects.filter(pk=silence.pk, ends_at__gt=now)
    ended = unended.update(ends_at=now, starts_at=min(silence.starts_at, now))
    held_back = AlertDelivery.objects.of_firing().untried()
    if silence.rule_id is not None:
        held_back = held_back.filter(alert__rule=silence.rule_id)
    held_back.filter(next_try_at__gt=now).update(next_try_at=now)
    return bool(ended)


def silenced_until(rule_id: int, *, now: datetime) -> datetime | None:
    """Return until when this rule is silenced, None if it is not."""
    ends = [one.ends_at for one in AlertSilence.objects.at(now) if one.covers(rule_id, at=now)]
    return max(ends, default=None)


def is_silenced(rule_id: int, *, now: datetime) -> bool:
    """Tell whether nobody is told of this rule's alerts now."""
    return silenced_until(rule_id, now=now) is not None
