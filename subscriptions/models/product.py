"""What the platform sells: products, each by one plan or several."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.money import DEFAULT_CURRENCY, Money
from subscriptions.querysets import PlanQuerySet, ProductQuerySet


class Product(Versioned):
    """Something that a user can subscribe to. A write to one of its plans moves its version."""

    slug = models.SlugField(_("address"), max_length=60)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    is_active = models.BooleanField(_("is sold"), default=True)

    objects = PeersManager.from_queryset(ProductQuerySet)()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            # A product by its address.
            models.UniqueConstraint(fields=["slug"], name="subscriptions_product_slug_once"),
        ]
        indexes = [
            # The public list: what is sold, by name.
            models.Index(
                fields=["name", "id"],
                condition=Q(is_active=True),
                name="subscriptions_product_sold",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def derived(self) -> str:
        """What its plans are and allow, as `with_plans()` loads them."""
        return f"{getattr(self, 'plan_rows', '')} {getattr(self, 'feature_rows', '')}"


class Plan(models.Model):
    """A product at a price for an interval. Ranks order a product's plans by worth."""

    class Interval(models.TextChoices):
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="plans", db_index=False
    )
    name = models.CharField(_("name"), max_length=60)
    interval = models.CharField(_("interval"), max_length=5, choices=Interval)
    price_amount = models.BigIntegerField(_("price"), validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, default=DEFAULT_CURRENCY)
    trial_days = models.PositiveSmallIntegerField(_("trial days"), default=0)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)

    objects = PeersManager.from_queryset(PlanQuerySet)()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            # The plans of a product.
            models.UniqueConstraint(
                fields=["product", "name", "interval"], name="subscriptions_plan_once"
            ),
            models.CheckConstraint(
                condition=Q(price_amount__gte=0), name="subscriptions_plan_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(interval__in=["month", "year"]), name="subscriptions_plan_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_interval_display()})"

    @property
    def price(self) -> Money:
        """What one interval costs."""
        return Money(self.price_amount, self.currency)
