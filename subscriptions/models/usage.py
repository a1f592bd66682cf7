"""Usage of what is metered: counted period by period, each count with the records it adds up."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock
from subscriptions.models.subscription import Subscription
from subscriptions.querysets import UsagePeriodQuerySet


class UsagePeriod(models.Model):
    """How much of a feature was used in a period of a subscription, or of the free allowance.

    It goes along when the period is moved, by a pause or by a change of plan: a renewal alone
    begins at nothing. A feature is named by its key, as usage outlives what is sold.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    feature = models.CharField(_("feature"), max_length=60)
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.CASCADE,
        related_name="usage",
        null=True,
        db_index=False,
    )
    # Of a free month, its first instant in UTC: it names the month, in whatever zone one lives, so
    # that who moves to another zone has the month once all the same.
    starts_at = models.DateTimeField(_("period starts"))
    used = models.PositiveBigIntegerField(_("used"), default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UsagePeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage in a period")
        verbose_name_plural = _("usage in periods")
        constraints = [
            # What was used of a subscription's period.
            models.UniqueConstraint(
                fields=["subscription", "starts_at", "feature"],
                condition=Q(subscription__isnull=False),
                name="subscriptions_usage_of_period",
            ),
            # What was used of a free month.
            models.UniqueConstraint(
                fields=["user", "starts_at", "feature"],
                condition=Q(subscription__isnull=True),
                name="subscriptions_usage_of_month",
            ),
        ]
        indexes = [
            # A user is deleted: whatever was counted of theirs.
            models.Index(fields=["user"], name="subscriptions_usage_user"),
        ]

    def __str__(self) -> str:
        return f"{self.feature}: {self.used}"


class UsageRecord(models.Model):
    """One use, known by its key: whoever reports it again has counted it already."""

    period = models.ForeignKey(
        UsagePeriod, on_delete=models.CASCADE, related_name="records", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    feature = models.CharField(_("feature"), max_length=60)
    key = models.CharField(_("key"), max_length=100)
    quantity = models.PositiveIntegerField(_("quantity"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("use")
        verbose_name_plural = _("uses")
        constraints = [
            # A use by its key, once, in whatever period.
            models.UniqueConstraint(
                fields=["user", "feature", "key"], name="subscriptions_use_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="subscriptions_use_positive"),
        ]
        indexes = [
            # `verify`: what adds up to a period's count.
            models.Index(fields=["period"], name="subscriptions_use_period"),
        ]

    def __str__(self) -> str:
        return f"{self.feature} {self.key}"
