"""Posting to the ledger, and reading balances from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.payments.models import LedgerEntry, LedgerTransaction, Payment, Refund


class Entry(NamedTuple):
    """An amount, in minor units, that one account is debited and another credited with."""

    debit: str
    credit: str
    amount: int


def customer(user_id: int) -> str:
    """Return the account of what a user owes us: below zero, what we owe them."""
    return f"customer:{user_id}"


def gateway(name: str) -> str:
    """Return the account of the money that lies at a gateway."""
    return f"gateway:{name}"


def holds(name: str) -> str:
    """Return the account of what cards let a gateway hold, which is nobody's money yet."""
    return f"holds:{name}"


def held(user_id: int) -> str:
    """Return the account of what is held on a user's cards."""
    return f"held:{user_id}"


@transactional
def post(
    *,
    key: str,
    kind: str,
    currency: str,
    entries: Sequence[Entry],
    now: datetime,
    description: str = "",
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> bool:
    """Post one event, in one currency; entries of nothing are left out.

    Returns False, and posts nothing, if its key was posted before. Raises ValueError if nothing
    is left to post.
    """
    moving = [entry for entry in entries if entry.amount]
    if not moving:
        raise ValueError(f"{key} moves no money.")
    row, is_new = LedgerTransaction.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "currency": currency,
            "description": description,
            "payment": payment,
            "refund": refund,
            "created_at": now,
        },
    )
    if is_new:
        LedgerEntry.objects.bulk_create(
            LedgerEntry(transaction=row, position=position, currency=currency, **entry._asdict())
            for position, entry in enumerate(moving, 1)
        )
    return is_new


def balance(account: str, currency: str) -> Money:
    """Return what an account was debited with, less what it was credited with."""
    return Money(LedgerEntry.objects.balance(account, currency), currency)


def balances(account: str) -> list[Money]:
    """Return the same for each currency that an account was ever written in."""
    return [balance(account, currency) for currency in LedgerEntry.objects.currencies_of(account)]
