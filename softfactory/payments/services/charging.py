"""Wishes: that money be taken or held, that what is held be taken or let go.

A wish is a row, written in the transaction of whoever has it, together with the task that carries
it out. What becomes of it is `settling`'s to find out, outside of any transaction.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from softfactory.accounts.models import User
from softfactory.kernel.money import Money
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.models import Card, Payment, Subject
from softfactory.payments.services import ledger

Wish, State = Payment.Wish, Payment.State


def request_payment(
    *,
    user: User,
    amount: Money,
    subject: Subject,
    attempt: int,
    now: datetime,
    hold: bool = False,
    account: str = "",
) -> Payment:
    """Wish that the user's card be charged, or that the amount be held on it.

    What is taken is credited to `account` in the ledger, by default what the user has with us. An
    attempt that was wished before is returned as it is. Raises DomainError `card_missing` if
    the user has no card.
    """
    card = Card.objects.of(user).first()
    if card is None:
        raise DomainError("card_missing", _("Add a card first: there is none to pay with."))
    payment, is_new = Payment.objects.get_or_create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        attempt=attempt,
        defaults={
            "user": user,
            "card": card,
            "gateway": card.gateway,
            "account": account or ledger.customer(user.pk),
            "wish": Wish.HOLD if hold else Wish.CHARGE,
            "currency": amount.currency,
            "amount": amount.amount,
            "due_at": now,
            "created_at": now,
            "updated_at": now,
        },
    )
    if is_new:
        nudge("payments.payment", payment.pk)
    return payment


def request_capture(*, payment: Payment, now: datetime, amount: Money | None = None) -> None:
    """Wish that what is held be taken: all of it, or this much, and the rest be let go.

    Raises Conflict if nothing is held any more.
    """
    taken = payment.amount if amount is None else amount.amount
    if not 0 < taken <= payment.amount:
        raise ValueError("What is taken is a part of what is held.")
    held = Payment.objects.filter(pk=payment.pk, state=State.AUTHORIZED, wish=Wish.HOLD)
    if not held.update(wish=Wish.CAPTURE, capture_amount=taken, due_at=now, updated_at=now):
        raise Conflict("nothing_held", _("Nothing is held on the card for this any more."))
    nudge("payments.payment", payment.pk)


def request_void(*, payment: Payment, now: datetime) -> None:
    """Wish that nothing comes of a payment: what is held is let go, what was taken given back."""
    wished = Payment.objects.filter(pk=payment.pk, state__in=Payment.OPEN).exclude(wish=Wish.VOID)
    if wished.update(wish=Wish.VOID, due_at=now, updated_at=now):
        nudge("payments.payment", payment.pk)
