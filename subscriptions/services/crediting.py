"""Taking back a part of what was paid: a credit note for an invoice, which stays as it is."""

from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.models import Payment
from softfactory.payments.services.refunding import request_refund
from subscriptions.models import Invoice
from subscriptions.pricing import Line, LineKind, Quote
from subscriptions.services.invoicing import issue_invoice
from subscriptions.services.locking import lock_subscription


def credited_of(invoice: Invoice) -> Money:
    """Return how much of an invoice was credited already."""
    total = invoice.credit_notes.aggregate(sum=Sum("total_amount", default=0))["sum"]
    return Money(-total, invoice.currency)


def payment_of(invoice: Invoice) -> Payment | None:
    """Return the card's payment of an invoice, if it was paid by one."""
    payments = Payment.objects.of_subject(Invoice.SUBJECT, invoice.pk)
    return payments.filter(state=Payment.State.SUCCEEDED).first()


@transactional
def credit_invoice(
    *,
    invoice: Invoice,
    amount: Money,
    reason: str,
    credited: Money,
    now: datetime,
    gives_back: bool = False,
) -> Invoice:
    """Issue a credit note for a part of a paid invoice, and give that back to its card if asked.

    What is not given back stays on the customer's account, for their next invoices. `credited` is
    what `credited_of` said when this was decided: so who sends it twice credits once.

    Raises Conflict if the invoice is not paid, or was credited meanwhile; DomainError if more is to
    be credited than is left of it; what `request_refund` raises.
    """
    subscription = lock_subscription(invoice.subscription)
    current = Invoice.objects.get(pk=invoice.pk)
    if current.series != Invoice.INVOICES or current.status != Invoice.Status.PAID:
        raise Conflict("wrong_state", _("Only an invoice that is paid can be credited."))
    if credited_of(current) != credited:
        message = _("Some of this invoice was credited meanwhile. Look at it again.")
        raise Conflict("credited_meanwhile", message)
    if not 0 < amount.amount <= (current.total - credited).amount:
        message = _("Credit more than nothing, and at most what is left of the invoice.")
        raise DomainError("credit_too_large", message)
    starts_at, ends_at = current.period_start, current.period_end
    line = Line(LineKind.CREDIT, -amount, starts_at, ends_at, f"{current}: {reason}")
    note = issue_invoice(
        subscription=subscription,
        kind=Invoice.Kind.CREDIT,
        quote=Quote((line,), current.currency, current.tax_rate),
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        corrects=current,
    )
    if gives_back:
        _give_back(current, note, amount, reason, now=now)
    return note


def _give_back(
    invoice: Invoice, note: Invoice, amount: Money, reason: str, *, now: datetime
) -> None:
    payment = payment_of(invoice)
    if payment is None:
        message = _("No card paid this invoice. Leave the credit on the customer's account.")
        raise DomainError("nothing_to_refund", message)
    request_refund(payment=payment, amount=amount, reason=reason, key=f"{note}", now=now)
