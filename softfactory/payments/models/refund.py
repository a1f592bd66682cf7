"""Refund: money given back of a payment."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel.money import Money
from softfactory.payments.models.call import GatewayCall
from softfactory.payments.models.payment import Payment
from softfactory.payments.querysets import RefundQuerySet


class Refund(GatewayCall):
    """A part of a payment, or all of it, on its way back to the card."""

    class State(models.TextChoices):
        CREATED = "created", pgettext_lazy("payment", "Not sent yet")
        SENDING = "sending", pgettext_lazy("payment", "Being sent")
        UNKNOWN = "unknown", pgettext_lazy("payment", "Not known yet")
        SUCCEEDED = "succeeded", pgettext_lazy("payment", "Given back")
        FAILED = "failed", pgettext_lazy("payment", "Failed")

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", db_index=False
    )
    key = models.CharField(_("key"), max_length=100)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.CREATED)
    amount = models.BigIntegerField(_("amount"))

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            # Whoever asks twice under a key gets one; the refunds of a payment.
            models.UniqueConstraint(fields=["payment", "key"], name="payments_refund_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="payments_refund_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["created", "sending", "unknown", "succeeded", "failed"]),
                name="payments_refund_state_known",
            ),
        ]
        indexes = [
            # run_due: what the gateway is to be called for.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="payments_refund_due"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def money(self) -> Money:
        """What is given back."""
        return Money(self.amount, self.payment.currency)
