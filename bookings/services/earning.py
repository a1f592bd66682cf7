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
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import LedgerEntry, LedgerTransaction
from softfactory.payments.services import ledger

FEES, BANK, BOOKING = "revenue:fees", "bank", "booking:"
LATEST = 50
EARNING = "earning"


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
            kind=EARNING,
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


def payable(chef: Chef) -> list[Money]:
    """Return what a chef has earned and was not paid out, in the chef's currency first.

    What was earned while prices were in another currency stays due in that.
    """
    sums = {total.currency: -total for total in ledger.balances(earnings(chef.pk))}
    ours = sums.pop(chef.currency, Money(0, chef.currency))
    return [ours, *(total for total in sums.values() if total)]


def earned_since(chef: Chef, since: datetime) -> Money:
    """Return what a chef has earned since then, in the chef's currency. One query."""
    account = earnings(chef.pk)
    gained = LedgerEntry.objects.gained(account, chef.currency, kind=EARNING, since=since)
    return Money(gained, chef.currency)


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
def record_payout(*, chef: Chef, now: datetime) -> list[Money]:
    """Write down that all that is due was sent to the chef's bank; returns what that was.

    Raises DomainError if nothing is due, also to the second of two who do it at once.
    """
    locked = Chef.objects.select_for_update(no_key=True).get(pk=chef.pk)
    account = earnings(locked.pk)
    due = [total for total in payable(locked) if total.amount > 0]
    if not due:
        raise DomainError("nothing_due", _("Nothing is due to this chef."))
    for total in due:
        ledger.post(
            key=f"{account}:payout:{LedgerEntry.objects.of_account(account).count()}",
            kind="payout",
            currency=total.currency,
            entries=[ledger.Entry(debit=account, credit=BANK, amount=total.amount)],
            now=now,
            description=locked.name,
        )
    return due
