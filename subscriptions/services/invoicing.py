"""Invoices: issued with their number, posted to the ledger, paid from credit, then from a card."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Max
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from softfactory.accounts.models import User
from softfactory.accounts.services.emitting import emit
from softfactory.kernel.money import Money
from softfactory.kernel.zones import zone
from softfactory.payments.models import Subject
from softfactory.payments.services import ledger
from softfactory.payments.services.charging import request_payment
from softfactory.payments.services.refunding import refunds_under_way
from subscriptions.models import Invoice, InvoiceLine, InvoiceSeries, Subscription
from subscriptions.pricing import Line, LineKind, Quote

REVENUE, TAX, LOSSES = "revenue:subscriptions", "tax", "losses:subscriptions"

Kind, Status = Invoice.Kind, Invoice.Status


class Settlement(NamedTuple):
    """How a total is paid: from what the customer has with us, and the rest by card."""

    credit: Money
    due: Money


def settlement_of(user: User, total: Money) -> Settlement:
    """Return how a total would be paid now; a credit is due to nobody."""
    nothing = Money(0, total.currency)
    if total <= nothing:
        return Settlement(nothing, nothing)
    owed = _balance(user, total.currency) + total
    due = min(max(owed, nothing), total)
    return Settlement(total - due, due)


def _balance(user: User, currency: str) -> Money:
    """Return what the customer owes; below zero, what they have with us and may use."""
    balance = ledger.balance(ledger.customer(user.pk), currency)
    if balance >= Money(0, currency):
        return balance
    return min(balance + refunds_under_way(user, currency), Money(0, currency))


def issue_invoice(
    *,
    subscription: Subscription,
    kind: str,
    quote: Quote,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    corrects: Invoice | None = None,
) -> Invoice:
    """Issue an invoice to the locked customer of a subscription; a credit note, if it is one.

    What credit does not pay stays open: `charge_invoice` asks the card for it.
    """
    user, total = subscription.user, quote.total
    settlement = settlement_of(user, total)
    series = Invoice.CREDIT_NOTES if total < Money(0, total.currency) else Invoice.INVOICES
    is_open = bool(settlement.due)
    invoice = Invoice.objects.create(
        subscription=subscription,
        user=user,
        kind=kind,
        corrects=corrects,
        period_start=starts_at,
        period_end=ends_at,
        sequence=_sequence(subscription, kind, starts_at),
        series=series,
        number=_next_number(series),
        currency=total.currency,
        total_amount=total.amount,
        tax_amount=quote.tax.amount,
        tax_rate=quote.tax_rate,
        credit_amount=settlement.credit.amount,
        status=Status.OPEN if is_open else Status.PAID,
        issued_at=now,
        paid_at=None if is_open else now,
        created_at=now,
    )
    _write_lines(invoice, quote, language=user.language, timezone=subscription.timezone)
    _post(invoice, "invoice", now=now)
    emit("invoice.issued", invoice.pk, to=[user.pk], now=now)
    return invoice


def charge_invoice(*, invoice: Invoice, user: User, now: datetime) -> None:
    """Let the customer's card pay an open invoice, as one more attempt.

    Raises DomainError `card_missing`, and has written nothing then.
    """
    attempt = invoice.attempts + 1
    request_payment(
        user=user,
        amount=invoice.due,
        subject=Subject(Invoice.SUBJECT, invoice.pk),
        attempt=attempt,
        now=now,
    )
    Invoice.objects.filter(pk=invoice.pk).update(attempts=attempt, retry_at=None)
    invoice.attempts, invoice.retry_at = attempt, None


def void_invoice(*, invoice: Invoice, now: datetime) -> None:
    """Take an open invoice back, its credit too."""
    Invoice.objects.filter(pk=invoice.pk).update(status=Status.VOID, retry_at=None)
    _post(invoice, "void", now=now)


def give_up_invoice(*, invoice: Invoice, now: datetime) -> None:
    """Write off what nobody pays: the customer owes it no more."""
    Invoice.objects.filter(pk=invoice.pk).update(status=Status.UNCOLLECTIBLE, retry_at=None)
    account = ledger.customer(invoice.user_id)
    ledger.post(
        key=Invoice.ledger_key(invoice.pk, "write-off"),
        kind="write-off",
        currency=invoice.currency,
        entries=[ledger.Entry(debit=LOSSES, credit=account, amount=invoice.due.amount)],
        now=now,
        description=str(invoice),
    )


def _sequence(subscription: Subscription, kind: str, period_start: datetime) -> int:
    if kind in (Kind.OPENING, Kind.PERIOD):
        return 0
    invoices = Invoice.objects.filter(subscription=subscription, period_start=period_start)
    return (invoices.aggregate(last=Max("sequence"))["last"] or 0) + 1


def _next_number(series: str) -> int:
    """Give the next number, which commits or vanishes with its invoice: no number is left out."""
    InvoiceSeries.objects.get_or_create(name=series)
    InvoiceSeries.objects.filter(name=series).update(last=F("last") + 1)
    return InvoiceSeries.objects.values_list("last", flat=True).get(name=series)


def _write_lines(invoice: Invoice, quote: Quote, *, language: str, timezone: str) -> None:
    with translation.override(language):
        InvoiceLine.objects.bulk_create(
            InvoiceLine(
                invoice=invoice,
                position=position,
                kind=line.kind,
                description=describe(line, timezone),
                amount=line.amount.amount,
            )
            for position, line in enumerate(quote.lines, 1)
        )


def describe(line: Line, timezone: str) -> str:
    """Return what a line is for, in the active language."""
    texts = {
        LineKind.PERIOD: _("%(subject)s, %(first)s to %(last)s"),
        LineKind.DISCOUNT: _("Coupon %(subject)s"),
        LineKind.UNUSED: _("%(subject)s, not used from %(first)s to %(last)s"),
        LineKind.REMAINING: _("%(subject)s, rest of the period from %(first)s to %(last)s"),
        LineKind.CREDIT: _("Credit for %(subject)s"),
        LineKind.EARLIER: _("Charged or credited earlier on the same day"),
    }
    first, last = (
        date_format(instant.astimezone(zone(timezone)), "DATE_FORMAT")
        for instant in (line.starts_at, line.ends_at)
    )
    return texts[line.kind] % {"subject": line.subject, "first": first, "last": last}


def _post(invoice: Invoice, event: str, *, now: datetime) -> None:
    """Post what an invoice comes to, or that it comes to nothing; of a credit note the reverse."""
    if not invoice.total_amount:
        return
    account = ledger.customer(invoice.user_id)
    is_owed = (invoice.total_amount > 0) == (event == "invoice")
    tax = abs(invoice.tax_amount)
    amounts = ((REVENUE, abs(invoice.total_amount) - tax), (TAX, tax))
    ledger.post(
        key=Invoice.ledger_key(invoice.pk, event),
        kind=event,
        currency=invoice.currency,
        entries=[
            ledger.Entry(account, other, amount)
            if is_owed
            else ledger.Entry(other, account, amount)
            for other, amount in amounts
        ],
        now=now,
        description=str(invoice),
    )
