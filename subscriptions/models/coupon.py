"""Coupon: what takes from the price of periods; Redemption: its use for one subscription."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.money import Money
from subscriptions.models.subscription import Subscription
from subscriptions.pricing import Discount


class Coupon(models.Model):
    """A percentage or an amount off: once, for some periods, or for all of them."""

    class Duration(models.TextChoices):
        ONCE = "once", pgettext_lazy("coupon", "One period")
        REPEATING = "repeating", pgettext_lazy("coupon", "Some periods")
        FOREVER = "forever", pgettext_lazy("coupon", "All periods")

    code = models.CharField(_("code"), max_length=40)
    percent = models.PositiveSmallIntegerField(
        _("percent off"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    amount = models.BigIntegerField(
        _("amount off"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    currency = models.CharField(_("currency of the amount"), max_length=3, blank=True)
    duration = models.CharField(_("for"), max_length=9, choices=Duration, default=Duration.ONCE)
    periods = models.PositiveSmallIntegerField(_("how many periods"), null=True, blank=True)
    expires_at = models.DateTimeField(_("can be used until"), null=True, blank=True)
    per_customer = models.PositiveSmallIntegerField(_("times for each customer"), default=1)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            # A coupon by its code, whatever its case.
            models.UniqueConstraint(Upper("code"), name="subscriptions_coupon_code_once"),
            models.CheckConstraint(
                condition=Q(percent__range=(1, 100), amount__isnull=True, currency="")
                | Q(percent__isnull=True, amount__gt=0) & ~Q(currency=""),
                name="subscriptions_coupon_percent_or_amount",
            ),
            models.CheckConstraint(
                condition=Q(duration="repeating", periods__gt=0)
                | Q(duration__in=["once", "forever"], periods__isnull=True),
                name="subscriptions_coupon_periods",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Bring the code into the form it is kept in."""
        super().clean()
        self.code = self.code.upper()

    @property
    def discount(self) -> Discount:
        """What it takes off a price."""
        if self.amount is None:
            return Discount(self.code, percent=self.percent or 0)
        return Discount(self.code, amount=Money(self.amount, self.currency))

    @property
    def periods_at_first(self) -> int | None:
        """For how many periods it holds; None for all of them."""
        return {"once": 1, "repeating": self.periods, "forever": None}[self.duration]

    def is_over(self, *, now: datetime) -> bool:
        """Tell whether it is too late to use it."""
        return self.expires_at is not None and self.expires_at <= now

    def uses_by(self, user: models.Model) -> int:
        """Return how often a customer has used it."""
        return self.redemptions.filter(user=user).count()


class Redemption(models.Model):
    """A coupon's use for a subscription, which has one at most."""

    coupon = models.ForeignKey(
        Coupon, on_delete=models.PROTECT, related_name="redemptions", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ordinal = models.PositiveSmallIntegerField(_("of this customer's uses"))
    most = models.PositiveSmallIntegerField(_("times for each customer"))  # the coupon's, then
    subscription = models.OneToOneField(
        Subscription, on_delete=models.PROTECT, related_name="redemption"
    )
    periods_left = models.PositiveSmallIntegerField(_("periods left"), null=True, blank=True)
    is_applied = models.BooleanField(_("takes from the current period"), default=False)
    created_at = models.DateTimeField(_("used"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("use of a coupon")
        verbose_name_plural = _("uses of coupons")
        constraints = [
            # A customer's first use of a coupon, the second …, up to the most.
            models.UniqueConstraint(
                fields=["coupon", "user", "ordinal"], name="subscriptions_redemption_once"
            ),
            models.CheckConstraint(
                condition=Q(ordinal__gte=1, ordinal__lte=F("most")),
                name="subscriptions_redemption_within_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coupon} #{self.ordinal}"

    def will_apply(self) -> bool:
        """Tell whether it takes from the next period too."""
        return self.periods_left is None or self.periods_left > 0
