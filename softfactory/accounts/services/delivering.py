"""Deliveries: endpoints are told, outside of any transaction, until they take it or time is up.

A claim is a conditional update with a lease, and its number the token under which the outcome is
recorded: so each attempt is one worker's. One that dies between sending and saying so is followed
by another, which sends the same message under the same id.
"""

import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from softfactory.accounts.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from softfactory.accounts.querysets import WebhookDeliveryQuerySet, WebhookEndpointQuerySet
from softfactory.accounts.services.emitting import endpoint_off
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.outbound import (
    Limits,
    OutboundError,
    Refused,
    Reply,
    TimedOut,
    TooLarge,
)
from softfactory.kernel.problems import Conflict
from softfactory.kernel.webhooks import GONE, is_taken, post, retry_after

LIMITS = Limits(connect=5, read=15, total=15)
LEASE = timedelta(seconds=60)  # longer than any attempt takes
# After each failure, as Standard Webhooks recommends: three days and a few hours in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
LONGEST_WAIT = timedelta(hours=24)  # that a receiver may ask for
PATIENCE = timedelta(days=5)  # with an endpoint that takes nothing
# One round keeps its process for as long as the slowest of these takes.
AT_ONCE, OF_EACH = 16, 2
MOST_KEPT = 1_000  # characters of an answer

Failure, State, Off = WebhookAttempt.Failure, WebhookDelivery.State, WebhookEndpoint.Off

logger = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What came of one attempt."""

    reply: Reply | None
    failure: str
    duration: timedelta

    @property
    def is_taken(self) -> bool:
        return self.reply is not None and is_taken(self.reply)

    @property
    def is_gone(self) -> bool:
        return self.reply is not None and self.reply.status == GONE


def deliver_event(pk: int, *, now: datetime) -> int:
    """Tell of one event those that are not failing: these wait for the clock. Return how many
    took it.
    """
    rows = WebhookDelivery.objects.due(now=now).filter(event=pk)
    return _deliver(rows.filter(endpoint__failing_since=None), now=now)


def deliver_due(now: datetime) -> int:
    """Tell whoever is to be told by now, some at once; return how many took it."""
    return _deliver(WebhookDelivery.objects.due(now=now).few_of_each(OF_EACH), now=now)


def send_again(*, delivery: WebhookDelivery, now: datetime) -> None:
    """Let an ended delivery be sent once more, soon. Raises Conflict if it has not ended."""
    ended = WebhookDelivery.objects.ended().filter(pk=delivery.pk, endpoint__is_active=True)
    if not ended.update(state=State.WAITING, due_at=now):
        if not delivery.endpoint.is_active:
            raise endpoint_off()
        raise Conflict("not_ended", _("It is about to be sent. Wait for what comes of that."))
    nudge("accounts.webhooks", delivery.event_id, can_wait=True)


def pause(tries: int, asked_for: timedelta | None = None) -> timedelta | None:
    """Return how long to wait after so many attempts, with a bit of chance; None: for good.

    What the receiver asked for holds if it is longer.
    """
    if tries > len(WAITS):
        return None
    usual = WAITS[tries - 1] * secrets.SystemRandom().uniform(0.9, 1.1)
    return max(usual, min(asked_for or timedelta(), LONGEST_WAIT))


def _deliver(rows: WebhookDeliveryQuerySet, *, now: datetime) -> int:
    claimed = list(_claim(rows, now=now))
    outcomes = _attempt_all(claimed, now=now)
    for delivery, outcome in zip(claimed, outcomes, strict=True):
        _record(delivery, outcome, now=now)
    return sum(outcome.is_taken for outcome in outcomes)


def _claim(rows: WebhookDeliveryQuerySet, *, now: datetime) -> Iterator[WebhookDelivery]:
    """Take what is due. What is for an endpoint that is off by now is dropped."""
    for delivery in list(rows.with_message()[:AT_ONCE]):
        with transaction.atomic(durable=True):
            is_mine = WebhookDelivery.objects.claim(delivery, now=now, lease=LEASE)
        if is_mine and delivery.endpoint.is_active:
            yield delivery
        elif is_mine:
            WebhookDelivery.objects.recorded_by(delivery).update(state=State.DROPPED, due_at=None)


def _attempt_all(claimed: Sequence[WebhookDelivery], *, now: datetime) -> list[Outcome]:
    """Send them at once. These threads ask the database nothing."""
    if not claimed:
        return []
    with ThreadPoolExecutor(len(claimed)) as threads:
        return list(threads.map(lambda delivery: _attempt(delivery, now=now), claimed))


def _attempt(delivery: WebhookDelivery, *, now: datetime) -> Outcome:
    begun = time.monotonic()
    reply, failure = None, ""
    try:
        reply = post(
            delivery.endpoint.url,
            orjson.dumps(delivery.event.as_told()),
            message_id=delivery.event.message_id,
            signed_with=delivery.endpoint.secrets_at(now),
            limits=LIMITS,
        )
    except OutboundError as error:
        failure = _failure(error)
    except Exception:  # ours; the others are recorded all the same
        logger.exception("Webhook delivery %s could not be sent", delivery.pk)
        failure = Failure.UNREACHABLE
    return Outcome(reply, failure, timedelta(seconds=time.monotonic() - begun))


def _failure(error: OutboundError) -> str:
    kinds = {Refused: Failure.REFUSED, TimedOut: Failure.TIMED_OUT, TooLarge: Failure.TOO_LARGE}
    return kinds.get(type(error), Failure.UNREACHABLE)


@transactional
def _record(delivery: WebhookDelivery, outcome: Outcome, *, now: datetime) -> None:
    """Write the attempt down, and what follows from it unless somebody else has claimed since."""
    reply = outcome.reply
    WebhookAttempt.objects.create(
        delivery=delivery,
        number=delivery.tries,
        status=reply.status if reply else None,
        failure=outcome.failure,
        answer=_beginning(reply.body) if reply else "",
        duration_ms=round(outcome.duration / timedelta(milliseconds=1)),
        created_at=now,
    )
    mine = WebhookDelivery.objects.recorded_by(delivery)
    if outcome.is_taken:
        mine.update(state=State.SENT, due_at=None)
    elif (wait := _wait(delivery, outcome, now=now)) is None:
        mine.update(state=State.FAILED, due_at=None)
    else:
        mine.update(due_at=now + wait)
    _note_health(delivery.endpoint, outcome, now=now)


def _beginning(body: bytes) -> str:
    return body[:MOST_KEPT].decode(errors="replace").replace("\0", "�")


def _wait(delivery: WebhookDelivery, outcome: Outcome, *, now: datetime) -> timedelta | None:
    if outcome.is_gone:
        return None
    asked_for = retry_after(outcome.reply.headers, now=now) if outcome.reply else None
    return pause(delivery.tries, asked_for)


def _note_health(endpoint: WebhookEndpoint, outcome: Outcome, *, now: datetime) -> None:
    """Write down since when an endpoint takes nothing; one that is gone, or fails for too long, is
    switched off, and its owner told. What does not change is not written: that would have everybody
    look who listens.
    """
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
    since = endpoint.failing_since
    if outcome.is_taken:
        if since is not None:
            rows.update_derived(failing_since=None)
    elif outcome.is_gone:
        _switch_off(rows, endpoint, Off.GONE)
    elif since is None:
        rows.filter(failing_since=None).update_derived(failing_since=now)
    elif now - since >= PATIENCE:
        _switch_off(rows.filter(failing_since=since), endpoint, Off.FAILING)


def _switch_off(rows: WebhookEndpointQuerySet, endpoint: WebhookEndpoint, reason: str) -> None:
    if rows.update(is_active=False, disabled_reason=reason):
        nudge("accounts.endpoint_off", endpoint.pk)
