"""Payment: one attempt to take money from a customer's card, at once or by a hold."""

from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel.money import Money
from softfactory.payments.models.call import GatewayCall
from softfactory.payments.models.card import Card
from softfactory.payments.querysets import PaymentQuerySet


class Subject(NamedTuple):
    """What a payment is for: a row of another app, by a kind that is a key of `settled`."""

    kind: str
    id: int


class Payment(GatewayCall):
    """An attempt: what is wished of the gateway, and what it made of it."""

    class Wish(models.TextChoices):
        CHARGE = "charge", pgettext_lazy("payment", "Charge at once")
        HOLD = "hold", pgettext_lazy("payment", "Hold")
        CAPTURE = "capture", pgettext_lazy("payment", "Take what is held")
        VOID = "void", pgettext_lazy("payment", "Let go")

    class State(models.TextChoices):
        CREATED = "created", pgettext_lazy("payment", "Not sent yet")
        SENDING = "sending", pgettext_lazy("payment", "Being sent")
        UNKNOWN = "unknown", pgettext_lazy("payment", "Not known yet")
        REQUIRES_ACTION = "requires_action", pgettext_lazy("payment", "Waiting for the customer")
        AUTHORIZED = "authorized", pgettext_lazy("payment", "Held")
        SUCCEEDED = "succeeded", pgettext_lazy("payment", "Paid")
        FAILED = "failed", pgettext_lazy("payment", "Failed")
        VOIDED = "voided", pgettext_lazy("payment", "Let go")

    #: Nothing moves it from here but a new wish.
    AT_REST = (State.AUTHORIZED, State.SUCCEEDED, State.FAILED, State.VOIDED)
    #: How it ended: no call to the gateway is in doubt any more.
    OVER = (State.SUCCEEDED, State.FAILED, State.VOIDED)
    #: The gateway may hold or take money for it, now or soon.
    OPEN = (State.CREATED, State.SENDING, State.UNKNOWN, State.REQUIRES_ACTION, State.AUTHORIZED)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments", db_index=False
    )
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_kind = models.CharField(_("what for"), max_length=40)
    subject_id = models.BigIntegerField(_("which one"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    account = models.CharField(_("ledger account"), max_length=60)
    wish = models.CharField(_("wish"), max_length=7, choices=Wish)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.CREATED)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    capture_amount = models.BigIntegerField(_("to be taken of what is held"), default=0)
    captured_amount = models.BigIntegerField(_("taken"), default=0)
    refunded_amount = models.BigIntegerField(_("given back, or about to be"), default=0)
    # What the customer's browser needs to go on, while it is waited for.
    action = models.JSONField(default=dict, blank=True, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            # One payment per attempt; the payments of a subject, the last one first.
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "attempt"], name="payments_payment_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, captured_amount__gte=0, refunded_amount__gte=0)
                & Q(captured_amount__lte=F("amount"), refunded_amount__lte=F("captured_amount")),
                name="payments_payment_amounts_nest",
            ),
            models.CheckConstraint(
                condition=Q(wish__in=["charge", "hold", "capture", "void"])
                & Q(
                    state__in=[
                        "created",
                        "sending",
                        "unknown",
                        "requires_action",
                        "authorized",
                        "succeeded",
                        "failed",
                        "voided",
                    ]
                ),
                name="payments_payment_state_known",
            ),
        ]
        indexes = [
            # A user's payments, newest first.
            models.Index(F("user"), F("created_at").desc(), name="payments_payment_user"),
            # run_due: what the gateway is to be called for.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="payments_payment_due"
            ),
            # A webhook's payment by the gateway's name of it.
            models.Index(
                fields=["reference"], condition=~Q(reference=""), name="payments_payment_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def money(self) -> Money:
        """What is asked for."""
        return Money(self.amount, self.currency)

    @property
    def captured(self) -> Money:
        """What was taken."""
        return Money(self.captured_amount, self.currency)

    @property
    def refundable(self) -> Money:
        """What may still be given back."""
        return Money(self.captured_amount - self.refunded_amount, self.currency)

    @property
    def subject(self) -> Subject:
        """What it is for."""
        return Subject(self.subject_kind, self.subject_id)

    @property
    def key(self) -> str:
        """What names it to its gateway for ever, also beside payments of another database."""
        return f"payment-{self.pk}-{self.created_at:%Y%m%d%H%M%S%f}"

    @property
    def challenge(self) -> str:
        """The page on which its customer tells their bank that it is theirs, while that waits."""
        if self.state != self.State.REQUIRES_ACTION:
            return ""
        return self.action.get("url") or reverse("payments:confirm", args=[self.pk])

    @property
    def is_at_rest(self) -> bool:
        """Whether only a new wish moves it."""
        return self.state in self.AT_REST
