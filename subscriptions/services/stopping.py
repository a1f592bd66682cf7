"""Stopping a subscription for a while or for good, and going on."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict
from softfactory.payments.models import Payment
from softfactory.payments.services.charging import request_void
from subscriptions.models import DayOfChanges, Invoice, Subscription
from subscriptions.periods import whole_second
from subscriptions.services.invoicing import void_invoice
from subscriptions.services.locking import lock_subscription, write_subscription
from subscriptions.services.refusals import wrong_state
from subscriptions.services.usage import move_usage

Status = Subscription.Status


@transactional
def pause(*, subscription: Subscription, now: datetime) -> Subscription:
    """Stop at once, for any time. What is left of the period is kept for later.

    Raises Conflict if it is not on trial or active, ends with its period, or something is owed.
    """
    current = lock_subscription(subscription)
    if current.status not in (Status.TRIALING, Status.ACTIVE):
        raise wrong_state(current)
    require_going_on(current)
    if current.current_period_end <= now or current.invoices.owed().exists():
        message = _("A payment is on its way. Pause the subscription when that is done.")
        raise Conflict("payment_under_way", message)
    DayOfChanges.objects.filter(subscription=current).delete()
    return _changed(current, now=now, status=Status.PAUSED, paused_at=whole_second(now))


@transactional
def resume(*, subscription: Subscription, now: datetime) -> Subscription:
    """Go on after a pause, with what was left of the period; or take back a cancellation.

    Raises Conflict if there is neither.
    """
    current = lock_subscription(subscription)
    if current.paused_at is not None:
        return _gone_on(current, whole_second(now) - current.paused_at, now=now)
    if current.status in Subscription.RUNNING and current.cancel_at_period_end:
        return _changed(current, now=now, cancel_at_period_end=False)
    raise wrong_state(current)


@transactional
def cancel(*, subscription: Subscription, at_once: bool, now: datetime) -> Subscription:
    """Let the subscription end with its period, or at once; then nothing is given back.

    What is owed is taken back if it ends at once. A trial, a pause and what is past due end at
    once, as there is no paid time left to use. Raises Conflict if it has ended, or ends already.
    """
    current = lock_subscription(subscription)
    if current.status == Status.CANCELLED:
        raise wrong_state(current)
    if at_once or current.status in (Status.PAUSED, Status.PAST_DUE):
        _take_back_what_is_owed(current, now=now)
        end_subscription(current, at=now)
        return Subscription.objects.with_plans().get(pk=current.pk)
    require_going_on(current)
    return _changed(current, now=now, cancel_at_period_end=True, pending_plan=None)


def end_subscription(subscription: Subscription, *, at: datetime) -> None:
    """Write down that a subscription has ended; its customer is locked."""
    DayOfChanges.objects.filter(subscription=subscription).delete()
    write_subscription(
        subscription,
        status=Status.CANCELLED,
        ended_at=at,
        paused_at=None,
        pending_plan=None,
        grace_ends_at=None,
    )
    emit("subscription.cancelled", subscription.pk, to=[subscription.user_id], now=at)


def require_going_on(subscription: Subscription) -> None:
    """Raise Conflict for one that ends with its period."""
    if subscription.cancel_at_period_end:
        message = _("This subscription ends with its period. Resume it first.")
        raise Conflict("ending", message)


def _gone_on(subscription: Subscription, paused_for: timedelta, *, now: datetime) -> Subscription:
    """Shift the period by the pause. Its end is the anchor of what follows."""
    ends_at = subscription.current_period_end + paused_for
    trial_ends_at = subscription.trial_ends_at
    is_on_trial = trial_ends_at == subscription.current_period_end
    starts_at = subscription.current_period_start + paused_for
    move_usage(subscription=subscription, to=starts_at)
    return _changed(
        subscription,
        now=now,
        status=Status.TRIALING if is_on_trial else Status.ACTIVE,
        paused_at=None,
        current_period_start=starts_at,
        current_period_end=ends_at,
        trial_ends_at=ends_at if is_on_trial else trial_ends_at,
        anchor_at=ends_at,
        months=0,
    )


def _take_back_what_is_owed(subscription: Subscription, *, now: datetime) -> None:
    for invoice in subscription.invoices.owed():
        void_invoice(invoice=invoice, now=now)
        payments = Payment.objects.filter(subject_kind=Invoice.SUBJECT, subject_id=invoice.pk)
        for payment in payments.filter(state__in=Payment.OPEN):
            request_void(payment=payment, now=now)


def _changed(subscription: Subscription, *, now: datetime, **columns: object) -> Subscription:
    write_subscription(subscription, **columns)
    emit("subscription.updated", subscription.pk, to=[subscription.user_id], now=now)
    return Subscription.objects.with_plans().get(pk=subscription.pk)
