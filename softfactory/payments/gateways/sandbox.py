"""The sandbox: a gateway with books of its own in our database, whose cards do what they say."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from softfactory.payments.gateways.protocol import (
    NewCard,
    Order,
    Outcome,
    RefundOutcome,
    Refused,
    TimedOut,
    Unavailable,
)
from softfactory.payments.models import SandboxCharge

EXPIRES = (12, 2049)


class SandboxCard(NamedTuple):
    """A card of the sandbox: what it is for, and how its charges end."""

    last4: str
    words: str | Promise
    state: str = "succeeded"
    failure: str = ""
    is_slow: bool = False


CARDS = {
    "card_ok": SandboxCard("4242", _("Pays")),
    "card_declined": SandboxCard("0341", _("Is declined"), "failed", "card_declined"),
    "card_insufficient": SandboxCard("9995", _("Has no money"), "failed", "insufficient_funds"),
    "card_authenticate": SandboxCard("3155", _("Asks its holder first"), "requires_action"),
    "card_slow": SandboxCard("0077", _("Pays, and forgets to say so"), is_slow=True),
}
# Cards that a gateway does not even keep.
REFUSED = {"card_refused": "card_declined", "card_expired": "card_expired"}


class SandboxGateway:
    """Does at once what it is asked for, and remembers it under the key, committed by itself."""

    def prepare_card(self, *, owner: str, customer: str, key: str) -> str:
        """Its cards are chosen from a list: any secret does."""
        return f"sandbox_secret_{key}"

    def add_card(self, token: str, *, owner: str, customer: str, key: str) -> NewCard:
        """Keep a test card. Its reference names the card and the key, so that each is its own."""
        if token in REFUSED:
            raise Refused(REFUSED[token])
        if token not in CARDS:
            raise Refused("card_unknown")
        month, year = EXPIRES
        return NewCard(
            f"{token}:{key}", customer or f"cus_{key}", "Sandbox", CARDS[token].last4, month, year
        )

    def remove_card(self, reference: str) -> None:
        """Nothing is kept of a card but its name."""

    def authorize(self, order: Order) -> Outcome:
        """Hold what the card allows."""
        return self._begin(order, is_hold=True)

    def charge(self, order: Order) -> Outcome:
        """Take what the card allows."""
        return self._begin(order, is_hold=False)

    def _begin(self, order: Order, *, is_hold: bool) -> Outcome:
        card = CARDS[order.card.partition(":")[0]]
        state = "authorized" if is_hold and card.state == "succeeded" else card.state
        row, is_new = SandboxCharge.objects.get_or_create(
            key=order.key,
            defaults={
                "card": order.card,
                "currency": order.currency,
                "amount": order.amount,
                "state": state,
                "is_hold": is_hold,
                "captured_amount": order.amount if state == "succeeded" else 0,
                "failure": card.failure,
            },
        )
        if is_new and card.is_slow:
            raise TimedOut
        return _outcome(row)

    def capture(self, order: Order, amount: int) -> Outcome:
        """Take what is held; a capture that is repeated changes nothing."""

        def take(row: SandboxCharge) -> None:
            if row.state == "authorized":
                row.state, row.captured_amount = "succeeded", min(amount, row.amount)

        return self._change(order, take)

    def void(self, order: Order) -> Outcome:
        """Let go of what is held, or waited for."""

        def let_go(row: SandboxCharge) -> None:
            if row.state in ("authorized", "requires_action"):
                row.state = "voided"

        return self._change(order, let_go)

    def answer(self, reference: str, *, is_allowed: bool) -> None:
        """Do what the bank's page does: the holder of the card allows a payment, or does not."""
        with transaction.atomic():
            row = SandboxCharge.objects.select_for_update().get(pk=_pk(reference))
            if row.state != "requires_action":
                return
            if not is_allowed:
                row.state, row.failure = "failed", "authentication_failed"
            elif row.is_hold:
                row.state = "authorized"
            else:
                row.state, row.captured_amount = "succeeded", row.amount
            row.save()

    def find(self, order: Order) -> Outcome | None:
        """Look it up in the books."""
        row = SandboxCharge.objects.filter(key=order.key).first()
        return _outcome(row) if row else None

    def refund(self, order: Order, *, amount: int, key: str) -> RefundOutcome:
        """Give back, never more than was taken."""
        with transaction.atomic():
            row = SandboxCharge.objects.select_for_update().get(key=order.key)
            if key not in row.refunds:
                if sum(row.refunds.values()) + amount > row.captured_amount:
                    return RefundOutcome("failed", failure="more_than_was_taken")
                row.refunds[key] = amount
                row.save()
        return _given_back(row, key)

    def find_refund(self, order: Order, *, key: str) -> RefundOutcome | None:
        """Look it up in the books."""
        row = SandboxCharge.objects.filter(key=order.key).first()
        if row is None or key not in row.refunds:
            return None
        return _given_back(row, key)

    def _change(self, order: Order, change: Callable[[SandboxCharge], None]) -> Outcome:
        with transaction.atomic():
            row = SandboxCharge.objects.select_for_update().filter(key=order.key).first()
            if row is None:
                raise Unavailable
            change(row)
            row.save()
        return _outcome(row)


def _pk(reference: str) -> int:
    return int(reference.removeprefix("sandbox_"))


def _given_back(row: SandboxCharge, key: str) -> RefundOutcome:
    number = list(row.refunds).index(key) + 1
    return RefundOutcome("succeeded", reference=f"sandbox_refund_{row.pk}_{number}")


def _outcome(row: SandboxCharge) -> Outcome:
    reference = f"sandbox_{row.pk}"
    action = {}
    if row.state == "requires_action":
        action = {"type": "redirect", "url": reverse("payments:sandbox", args=[row.pk])}
    return Outcome(
        row.state,
        reference,
        captured=row.captured_amount,
        refunded=sum(row.refunds.values()),
        failure=row.failure,
        action=action,
    )
