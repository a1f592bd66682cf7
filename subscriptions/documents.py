"""Invoices and credit notes as documents to keep, in the language of whoever reads them."""

from datetime import datetime
from operator import itemgetter

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from softfactory.kernel.money import Money
from softfactory.kernel.paper import Row, Sheet
from softfactory.kernel.zones import zone
from subscriptions.models import Invoice

VALUES_AT = 130  # points from the left edge


def invoice_as_pdf(invoice: Invoice, *, language: str) -> bytes:
    """Return an invoice, with its parties and lines loaded, as a PDF.

    The same invoice makes the same bytes.
    """
    with translation.override(language):
        title = f"{_kind(invoice)} {invoice}"
        sheet = Sheet(title=title, language=language, author=settings.SELLER[0])
        sheet.heading(title)
        buyer = [invoice.user.name, invoice.user.email]
        sheet.beside(
            [
                [pgettext("invoice", "From"), *settings.SELLER],
                [pgettext("invoice", "For"), *filter(None, buyer)],
            ]
        )
        sheet.table(_facts(invoice), value_at=VALUES_AT)
        sheet.rule()
        sheet.table([*_lines(invoice), Row(_("Total"), str(invoice.total), is_total=True)])
        sheet.table(_settled(invoice))
        sheet.paragraph(_footnote(invoice), is_muted=True)
        return sheet.bytes


def _kind(invoice: Invoice) -> str:
    return _("Credit note") if invoice.series == Invoice.CREDIT_NOTES else _("Invoice")


def _facts(invoice: Invoice) -> list[Row]:
    facts = [
        Row(_("Number"), str(invoice)),
        Row(_("Issued"), _day(invoice, invoice.issued_at)),
        Row(
            _("Covered period"),
            f"{_day(invoice, invoice.period_start)} – {_day(invoice, invoice.period_end)}",
        ),
        Row(_("State"), str(invoice.get_status_display())),
    ]
    if invoice.paid_at and invoice.series == Invoice.INVOICES:
        facts.append(Row(_("Paid on"), _day(invoice, invoice.paid_at)))
    if invoice.corrects:
        facts.append(Row(_("For invoice"), str(invoice.corrects)))
    facts += [
        Row(_("Credited by"), f"{note}: {note.total}")
        for note in invoice.credit_notes.order_by("pk")
    ]
    return facts


def _lines(invoice: Invoice) -> list[Row]:
    rows = sorted(invoice.line_rows or (), key=itemgetter("position"))
    return [Row(row["description"], str(Money(row["amount"], invoice.currency))) for row in rows]


def _settled(invoice: Invoice) -> list[Row]:
    """Return the tax in the total, and how the total was paid, or is to be."""
    percent = {"percent": invoice.tax_percent}
    rows = [Row(_("VAT in it (%(percent)s %%)") % percent, str(invoice.tax))]
    if invoice.series == Invoice.CREDIT_NOTES:
        return rows
    if invoice.credit_amount:
        rows.append(Row(_("From your credit"), str(invoice.credit)))
    nothing = Money(0, invoice.currency)
    is_paid = invoice.status == Invoice.Status.PAID
    is_owed = invoice.status == Invoice.Status.OPEN
    rows.append(Row(_("Paid by card"), str(invoice.due if is_paid else nothing)))
    rows.append(Row(_("Left to be paid"), str(invoice.due if is_owed else nothing)))
    return rows


def _footnote(invoice: Invoice) -> str:
    return _("Dates are those in %(zone)s.") % {"zone": invoice.subscription.timezone}


def _day(invoice: Invoice, at: datetime) -> str:
    return date_format(at.astimezone(zone(invoice.subscription.timezone)), "DATE_FORMAT")
