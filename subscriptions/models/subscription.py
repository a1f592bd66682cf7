"""Subscription: a user's plan, from period to period; and what changed on one day of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.money import Money
from subscriptions.models.product import Plan, Product
from subscriptions.periods import MONTHS, boundary
from subscriptions.querysets import SubscriptionQuerySet


class Subscription(Versioned):
    """A user's plan of a product. Its periods lie whole months from its anchor, in its zone."""

    class Status(models.TextChoices):
        TRIALING = "trialing", pgettext_lazy("subscription", "On trial")
        ACTIVE = "active", pgettext_lazy("subscription", "Active")
        PAST_DUE = "past_due", pgettext_lazy("subscription", "Payment is due")
        PAUSED = "paused", pgettext_lazy("subscription", "Paused")
        CANCELLED = "cancelled", pgettext_lazy("subscription", "Cancelled")

    #: What goes on to its next period, or ends, by the clock.
    RUNNING = (Status.TRIALING, Status.ACTIVE, Status.PAST_DUE)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="subscriptions",
        db_index=False,
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="subscriptions", db_index=False
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="subscriptions", db_index=False
    )
    pending_plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("plan from the next period on"),
    )
    status = models.CharField(_("state"), max_length=9, choices=Status)
    timezone = models.CharField(_("time zone"), max_length=64)
    # A boundary of its periods, and how many months from there the current period ends.
    anchor_at = models.DateTimeField(_("anchor"))
    months = models.PositiveIntegerField(_("months from the anchor"))
    current_period_start = models.DateTimeField(_("period starts"))
    current_period_end = models.DateTimeField(_("period ends"))
    currency = models.CharField(_("currency"), max_length=3)
    # As it was when the period began: an edit of the plan is for the next one.
    price_amount = models.BigIntegerField(_("price of the period"))
    trial_ends_at = models.DateTimeField(_("trial ends"), null=True, blank=True)
    grace_ends_at = models.DateTimeField(_("allowed until, unpaid"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    cancel_at_period_end = models.BooleanField(_("ends with its period"), default=False)

    objects = PeersManager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            # A user has a product once at a time.
            models.UniqueConstraint(
                fields=["user", "product"],
                condition=~Q(status="cancelled"),
                name="subscriptions_subscription_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["trialing", "active", "past_due"], paused_at__isnull=True)
                & Q(ended_at__isnull=True)
                | Q(status="paused", paused_at__isnull=False, ended_at__isnull=True)
                | Q(status="cancelled", ended_at__isnull=False),
                name="subscriptions_subscription_status",
            ),
            models.CheckConstraint(
                condition=Q(current_period_end__gt=F("current_period_start")),
                name="subscriptions_subscription_period",
            ),
            models.CheckConstraint(
                condition=Q(price_amount__gte=0), name="subscriptions_subscription_price"
            ),
        ]
        indexes = [
            # A user's subscriptions, newest first.
            models.Index(
                F("user"), F("created_at").desc(), F("id").desc(), name="subscriptions_sub_user"
            ),
            # A user's subscriptions in a state.
            models.Index(fields=["user", "status"], name="subscriptions_sub_user_status"),
            # Admin: subscriptions, newest first.
            models.Index(F("created_at").desc(), name="subscriptions_sub_created"),
            # run_due: those whose period is over.
            models.Index(fields=["status", "current_period_end"], name="subscriptions_sub_over"),
            # Staff deletes a product or a plan: whoever has it.
            models.Index(fields=["product"], name="subscriptions_sub_product"),
            models.Index(fields=["plan"], name="subscriptions_sub_plan"),
            models.Index(
                fields=["pending_plan"],
                condition=Q(pending_plan__isnull=False),
                name="subscriptions_sub_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def save(self, **kwargs: Any) -> None:
        """Save; what others may use is left alone."""
        with touch("entitlements", self.user_id):
            super().save(**kwargs)

    @property
    def derived(self) -> str:
        """What its product and plan are called, and its coupon, as `with_words()` loads them."""
        names = ("product_slug", "plan_name", "coupon_code", "coupon_periods_left")
        return " ".join(str(getattr(self, name, "")) for name in names)

    @property
    def price(self) -> Money:
        """What the current period costs, before any discount."""
        return Money(self.price_amount, self.currency)

    @property
    def is_past_due(self) -> bool:
        """Whether it waits for a payment."""
        return self.status == self.Status.PAST_DUE

    @property
    def is_going_on(self) -> bool:
        """Whether it will go on to its next period by itself."""
        is_running = self.status in (self.Status.TRIALING, self.Status.ACTIVE)
        return is_running and not self.cancel_at_period_end

    def period_after(self, plan: Plan) -> "tuple[datetime, int]":
        """Return when the next period ends on this plan, and how many months from the anchor."""
        months = self.months + MONTHS[plan.interval]
        return boundary(self.anchor_at, self.timezone, months), months


class DayOfChanges(models.Model):
    """What a subscription was before its first change of a day, and what the day's came to.

    A second change on that day is priced from here, as if it had been the first. A new period, or
    a pause, begins anew.
    """

    subscription = models.OneToOneField(
        Subscription, on_delete=models.CASCADE, primary_key=True, related_name="day_of_changes"
    )
    on = models.DateField()  # in the subscription's zone
    at = models.DateTimeField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    price_amount = models.BigIntegerField()
    anchor_at = models.DateTimeField()
    months = models.PositiveIntegerField()
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    total_amount = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("day of changes")
        verbose_name_plural = _("days of changes")
        indexes = [
            # Staff deletes a plan: whoever had it today.
            models.Index(fields=["plan"], name="subscriptions_day_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.on}"
