"""What chefs earn: a booking's money becomes theirs, less the fee, and is paid out.

Until then it lies on an account of the booking's own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.models import Booking, Chef
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.models import LedgerEntry, LedgerTransaction
from softfactory.payments.services import ledger

FEES, BANK, BOOKING = "revenue:fees", "bank", "booking:"
LATEST = 50


def earnings(chef_id: int) -> str:
    """Return the account of what a chef has earned and was not paid out."""
    return f"chef:{chef_id}"


def earn(*, booking: Booking, total: Money, now: datetime) -> None:
    """Let the chef have earned `total` of the locked booking in all, less the fee.

    What was posted of it before counts; if that was more, it is taken back.
    """
    if booking.policy is None:
        return
    fee = booking.policy.fee(total)
    account = booking.account
    entries = [
        entry
        for other, amount in ((earnings(booking.chef_id), total - fee), (FEES, fee))
        if (entry := _towards(account, other, amount)).amount
    ]
    if entries:
        rows = LedgerEntry.objects.of_account(account)
        ledger.post(
            key=f"{account}:earned:{rows.count()}",
            kind="earning",
            currency=total.currency,
            entries=entries,
            now=now,
            description=str(booking),
        )


def _towards(account: str, other: str, wanted: Money) -> ledger.Entry:
    """Return the entry that brings what `other` has got from `account` to what is wanted."""
    missing = wanted.amount - LedgerEntry.objects.flow(account, other, wanted.currency)
    if missing < 0:
        return ledger.Entry(debit=other, credit=account, amount=-missing)
    return ledger.Entry(debit=account, credit=other, amount=missing)


def payable(chef: Chef) -> Money:
    """Return what a chef has earned and was not paid out, in the chef's currency."""
    return -ledger.balance(earnings(chef.pk), chef.currency)


class Turn(NamedTuple):
    """Something that changed what is due to a chef: by `amount`, which a payout takes away."""

    at: datetime
    kind: str
    booking_id: int | None
    amount: Money
    fee: Money


def turns_of(chef: Chef, *, most: int = LATEST) -> list[Turn]:
    """Return the latest turns of what is due to a chef, the last one first. One query."""
    account = earnings(chef.pk)
    rows = LedgerTransaction.objects.of_account(account).newest_first().shown()[:most]
    return [_turn(account, row) for row in rows]


def _turn(account: str, row: Mapping[str, Any]) -> Turn:
    booking, sums = None, {account: 0, FEES: 0}
    for entry in row["rows"]:
        for name, sign in ((entry["credit"], 1), (entry["debit"], -1)):
            if name in sums:
                sums[name] += sign * entry["amount"]
            elif name.startswith(BOOKING):
                booking = int(name.removeprefix(BOOKING))
    amount, fee = (Money(sums[name], row["currency"]) for name in (account, FEES))
    return Turn(row["created_at"], row["kind"], booking, amount, fee)


@transactional
def record_payout(*, chef: Chef, amount: Money, key: str, now: datetime) -> None:
    """Write down that so much was sent to a chef's bank; the same key is written once.

    Raises Conflict if less than that is due to them.
    """
    if amount.amount <= 0:
        raise DomainError("nothing_to_pay_out", _("Nothing is due to this chef."))
    locked = Chef.objects.select_for_update(no_key=True).get(pk=chef.pk)
    due = -ledger.balance(earnings(locked.pk), amount.currency)
    is_new = ledger.post(
        key=f"{earnings(locked.pk)}:payout:{key}",
        kind="payout",
        currency=amount.currency,
        entries=[ledger.Entry(earnings(locked.pk), BANK, amount.amount)],
        now=now,
        description=locked.name,
    )
    if is_new and due < amount:
        message = _("Less than that is due to this chef: %(due)s.") % {"due": due}
        raise Conflict("payout_too_large", message)
