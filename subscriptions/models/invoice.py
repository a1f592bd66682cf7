"""Invoice: what is owed for a period or a change, or credited; never changed once it is issued.

What it says stands: subscription, period, number, lines and amounts. What becomes of it moves:
whether it is paid, and when that is tried again.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.money import Money
from subscriptions.models.subscription import Subscription
from subscriptions.querysets import InvoiceQuerySet


class InvoiceSeries(models.Model):
    """A row of numbers without gaps: the last one that was given. It is locked to give the next."""

    name = models.CharField(max_length=8, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("series of invoices")
        verbose_name_plural = _("series of invoices")

    def __str__(self) -> str:
        return self.name


class Invoice(models.Model):
    """A document with a number. One whose total is below zero is a credit note."""

    class Kind(models.TextChoices):
        OPENING = "opening", pgettext_lazy("invoice", "First period")
        PERIOD = "period", pgettext_lazy("invoice", "Period")
        CHANGE = "change", pgettext_lazy("invoice", "Change of plan")
        CREDIT = "credit", pgettext_lazy("invoice", "Credit for an invoice")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("invoice", "To be paid")
        PAID = "paid", pgettext_lazy("invoice", "Paid")
        VOID = "void", pgettext_lazy("invoice", "Void")
        UNCOLLECTIBLE = "uncollectible", pgettext_lazy("invoice", "Given up")

    INVOICES, CREDIT_NOTES = "INV", "CN"

    #: What its payments say that they are for.
    SUBJECT = "subscriptions.invoice"

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    period_start = models.DateTimeField(_("period starts"))
    period_end = models.DateTimeField(_("period ends"))
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="credit_notes",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("corrects"),
    )
    sequence = models.PositiveSmallIntegerField(_("of this period"))  # 0 is the period itself
    series = models.CharField(_("series"), max_length=8)
    number = models.PositiveBigIntegerField(_("number"))
    currency = models.CharField(_("currency"), max_length=3)
    total_amount = models.BigIntegerField(_("total"))
    tax_amount = models.BigIntegerField(_("tax in it"))
    tax_rate = models.PositiveIntegerField(_("tax rate, in hundredths of a percent"))
    credit_amount = models.BigIntegerField(_("paid from credit"), default=0)
    status = models.CharField(_("state"), max_length=13, choices=Status)
    attempts = models.PositiveSmallIntegerField(_("attempts to pay it"), default=0)
    # Only while it is open, and no attempt is on its way.
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    # It is never edited; its representation changes with what becomes of it.
    version = 1

    # What `with_lines()` adds to a row.
    line_rows: list[dict]

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            # A period is billed once, whoever runs the clock; a subscription's invoices.
            models.UniqueConstraint(
                fields=["subscription", "period_start", "sequence"],
                name="subscriptions_invoice_once",
            ),
            models.UniqueConstraint(
                fields=["series", "number"], name="subscriptions_invoice_number_once"
            ),
            models.CheckConstraint(
                condition=Q(sequence=0, kind__in=["opening", "period"])
                | Q(sequence__gt=0, kind="change")
                | Q(sequence__gt=0, kind="credit", series="CN", corrects__isnull=False),
                name="subscriptions_invoice_kind",
            ),
            models.CheckConstraint(
                condition=Q(total_amount__lt=0, series="CN", status="paid", credit_amount=0)
                | Q(total_amount__gte=0, series="INV", credit_amount__gte=0)
                & Q(credit_amount__lte=F("total_amount")),
                name="subscriptions_invoice_amounts",
            ),
            models.CheckConstraint(
                condition=Q(status="open", paid_at__isnull=True)
                | Q(status="paid", paid_at__isnull=False, retry_at__isnull=True)
                | Q(status__in=["void", "uncollectible"], retry_at__isnull=True),
                name="subscriptions_invoice_status",
            ),
        ]
        indexes = [
            # A user's invoices, newest first.
            models.Index(
                F("user"), F("issued_at").desc(), F("id").desc(), name="subscriptions_invoice_user"
            ),
            # What a subscription owes.
            models.Index(
                fields=["subscription"],
                condition=Q(status="open"),
                name="subscriptions_invoice_open",
            ),
            # What was credited of an invoice.
            models.Index(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="subscriptions_invoice_corrects",
            ),
            # run_due: payments to be tried again.
            models.Index(
                fields=["retry_at"],
                condition=Q(retry_at__isnull=False),
                name="subscriptions_invoice_retry",
            ),
        ]

    def __str__(self) -> str:
        return self.number_of(self.series, self.number)

    @staticmethod
    def number_of(series: str, number: int) -> str:
        """Return the number as it is printed: `INV-000001`."""
        return f"{series}-{number:06}"

    @property
    def derived(self) -> str:
        """What a representation shows besides what was issued: what became of it."""
        return f"{self.status} {self.retry_at} {self.paid_at}"

    @staticmethod
    def ledger_key(pk: int, event: str) -> str:
        """Return what the ledger knows an event of an invoice by."""
        return f"invoice-{pk}-{event}"

    @property
    def total(self) -> Money:
        """What it comes to, tax included; below zero it is credited."""
        return Money(self.total_amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax in the total."""
        return Money(self.tax_amount, self.currency)

    @property
    def tax_percent(self) -> str:
        """The rate of the tax, as one writes it: "10", "7.5"."""
        return f"{self.tax_rate / 100:g}"

    @property
    def credit(self) -> Money:
        """What was paid from the customer's credit."""
        return Money(self.credit_amount, self.currency)

    @property
    def due(self) -> Money:
        """What is left to be paid by card."""
        return Money(max(self.total_amount - self.credit_amount, 0), self.currency)


class InvoiceLine(models.Model):
    """One line of an invoice, in the customer's language."""

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    description = models.CharField(_("what for"), max_length=200)
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("line of an invoice")
        verbose_name_plural = _("lines of an invoice")
        constraints = [
            # The lines of an invoice, in order.
            models.UniqueConstraint(
                fields=["invoice", "position"], name="subscriptions_invoiceline_place"
            ),
        ]

    def __str__(self) -> str:
        return self.description
