"""What gateways tell us by webhook. It is a hint: what became of a payment is asked, not believed.

So events may come late, twice, or in any order: none can move a payment back.
"""

from datetime import datetime

from django.db.models import Q

from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.payments.models import GatewayEvent, Payment


@transactional
def receive_event(
    *, gateway: str, event_id: str, kind: str, reference: str, key: str, now: datetime
) -> bool:
    """Keep an event and have its payment looked at; returns False for one that is known.

    The payment is the one that the gateway calls `reference`, or that we called `key`.
    """
    payment = Payment.objects.named(gateway, reference=reference, key=key)
    _event, is_new = GatewayEvent.objects.get_or_create(
        gateway=gateway,
        event_id=event_id,
        defaults={"kind": kind, "reference": reference, "payment": payment, "received_at": now},
    )
    if is_new and payment is not None:
        look_at(payment, now=now)
    return is_new


@transactional
def process_again(*, event: GatewayEvent, now: datetime) -> bool:
    """Look for an event's payment once more, and have it looked at.

    Returns False if there is none. It may have been named by its gateway only after the event.
    """
    payment = event.payment or Payment.objects.named(
        event.gateway, reference=event.reference, key=""
    )
    if payment is None:
        return False
    GatewayEvent.objects.filter(pk=event.pk).update(payment=payment)
    look_at(payment, now=now)
    return True


def look_at(payment: Payment, *, now: datetime) -> None:
    """Have the gateway asked about a payment that it knows, now, unless somebody is at it."""
    resting = [*Payment.AT_REST, Payment.State.REQUIRES_ACTION]
    is_known = ~Q(reference="", state__in=resting)
    rows = Payment.objects.filter(is_known, pk=payment.pk)
    rows.filter(state__in=[*resting, Payment.State.UNKNOWN]).update(due_at=now)
    nudge("payments.payment", payment.pk)
