"""Deliveries: what was recorded is sent, outside of any transaction, until it is taken.

A claim is a conditional update with a lease, so each attempt is one clock's. A clock that dies
between sending and saying so sends once more: the message's id tells the receiver.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from monitoring.gateways import Undelivered, mail, webhook
from monitoring.models import AlertChannel, AlertDelivery
from monitoring.services.alerts.sending import try_all
from monitoring.services.alerts.silences import silenced_until

Kind = AlertChannel.Kind
State = AlertDelivery.State

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 12  # the last one some five hours after the first
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=6)  # that a receiver may ask for
# One round keeps the clock for as long as the slowest of these takes.
AT_ONCE = 16

SEND: dict[str, Callable[[AlertDelivery], None]] = {
    Kind.EMAIL: mail.send_mail,
    Kind.WEBHOOK: webhook.send_webhook,
}

logger = logging.getLogger(__name__)


def deliver_alerts(now: datetime) -> int:
    """Send what is due; return how much was taken."""
    claimed = list(_claim(now))
    taken = 0
    for delivery, failure in zip(claimed, try_all(_send, claimed), strict=True):
        _record(delivery, failure, now=now)
        taken += failure is None
    return taken


def send_again(*, delivery: AlertDelivery, now: datetime) -> bool:
    """Let an ended delivery be sent anew, by the next round; tell whether it had ended."""
    ended = AlertDelivery.objects.ended().filter(pk=delivery.pk)
    return bool(ended.update(state=State.WAITING, attempts=0, next_try_at=now, last_error=""))


def _claim(now: datetime) -> Iterator[AlertDelivery]:
    due = AlertDelivery.objects.due(now=now)
    for delivery in due.with_message()[:AT_ONCE]:
        row = AlertDelivery.objects.due(now=now).filter(pk=delivery.pk, attempts=delivery.attempts)
        if _holds_back(delivery) and (until := silenced_until(delivery.alert.rule_id, now=now)):
            row.update(next_try_at=until)
        elif row.claim(until=now + LEASE):
            delivery.attempts += 1
            yield delivery


def _holds_back(delivery: AlertDelivery) -> bool:
    """Whether a silence holds it back: not what was begun, nor the end of what was told."""
    return delivery.transition == AlertDelivery.Transition.FIRING and not delivery.attempts


def _send(delivery: AlertDelivery) -> None:
    SEND[delivery.channel.kind](delivery)


def _record(delivery: AlertDelivery, failure: Undelivered | None, *, now: datetime) -> None:
    mine = AlertDelivery.objects.held_by(now + LEASE).filter(pk=delivery.pk)
    if failure is None:
        mine.update(state=State.SENT, sent_at=now, lease_until=None, last_error="")
        return
    is_over = failure.is_permanent or delivery.attempts >= MOST_ATTEMPTS
    if is_over:
        logger.error("Alert %s did not reach %s: %s", delivery.alert, delivery.channel, failure)
    mine.update(
        state=State.FAILED if is_over else State.WAITING,
        lease_until=None,
        last_error=str(failure)[:300],
        next_try_at=now + pause(delivery.attempts, failure.retry_after),
    )


def pause(attempts: int, asked_for: timedelta | None = None) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, and a bit of chance.

    What the receiver asked for holds if it is longer.
    """
    usual = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    usual *= secrets.SystemRandom().uniform(0.8, 1.2)
    return max(usual, min(asked_for or timedelta(), LONGEST_WAIT))
