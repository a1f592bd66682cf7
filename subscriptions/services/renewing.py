"""Renewals: what the clock does when a period is over. Missed periods are caught up, one by one.

Any number of clocks may run at once and be killed anywhere: a step is one transaction, in which
the customer is locked and the subscription read anew; and a period's invoice exists once, by a
constraint.
"""

import logging
from datetime import datetime

from softfactory.accounts.services.emitting import emit
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import DomainError
from subscriptions.models import DayOfChanges, Invoice, Subscription
from subscriptions.services.billing import bill_period
from subscriptions.services.dunning import note_failure
from subscriptions.services.invoicing import charge_invoice
from subscriptions.services.locking import lock_subscription
from subscriptions.services.stopping import end_subscription
from subscriptions.services.terms import next_period

logger = logging.getLogger(__name__)

Status = Subscription.Status


def renew_subscriptions(now: datetime) -> int:
    """Take every subscription whose period is over to the period of `now`, or to its end.

    Returns how many steps that took. One that fails keeps none of the others from its turn.
    """
    steps = 0
    for subscription in list(Subscription.objects.over(now=now).only("pk", "user_id")):
        try:
            while renew_subscription(subscription=subscription, now=now):
                steps += 1
        except Exception:
            logger.exception("Subscription %s could not be renewed", subscription.pk)
    return steps


@transactional
def renew_subscription(*, subscription: Subscription, now: datetime) -> bool:
    """Take one step: into the next period, or out of the subscription. Tell whether one was due."""
    current = lock_subscription(subscription)
    if current.status not in Subscription.RUNNING or current.current_period_end > now:
        return False
    if current.cancel_at_period_end:
        end_subscription(current, at=current.current_period_end)
        return True
    _enter_next_period(current)
    invoice = bill_period(subscription=current, kind=Invoice.Kind.PERIOD, now=now)
    if invoice.due:
        _charge(current, invoice, now=now)
    emit("subscription.updated", current.pk, to=[current.user_id], now=now)
    return True


def _enter_next_period(subscription: Subscription) -> None:
    """Move on, to the plan that was chosen for the next period. A trial ends here, unpaid yet."""
    coming = next_period(subscription, subscription.pending_plan or subscription.plan)
    is_first = subscription.status == Status.TRIALING
    is_free = not coming.term.cost
    DayOfChanges.objects.filter(subscription=subscription).delete()
    subscription.plan, subscription.pending_plan = coming.plan, None
    subscription.price_amount = coming.term.price.amount
    subscription.months = coming.months
    subscription.current_period_start = coming.term.starts_at
    subscription.current_period_end = coming.term.ends_at
    if is_first:
        subscription.status = Status.ACTIVE if is_free else Status.PAST_DUE
    subscription.save(
        update_fields=[
            "plan",
            "pending_plan",
            "price_amount",
            "months",
            "current_period_start",
            "current_period_end",
            "status",
        ]
    )


def _charge(subscription: Subscription, invoice: Invoice, *, now: datetime) -> None:
    try:
        charge_invoice(invoice=invoice, user=subscription.user, now=now)
    except DomainError:  # there is no card
        note_failure(subscription=subscription, invoice=invoice, now=now)
