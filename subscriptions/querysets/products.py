"""The named queries of products and plans."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from softfactory.kernel.db.functions import JSONRows
from softfactory.kernel.db.models import VersionedQuerySet

if TYPE_CHECKING:
    from subscriptions.models import Plan, Product


class ProductQuerySet(VersionedQuerySet["Product"]):
    """Products."""

    def visible_to(self, user: object) -> Self:
        """What is sold, and for staff what is not sold any more too."""
        return self if getattr(user, "is_staff", False) else self.filter(is_active=True)

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a product, if it was asked for `with_plans()`."""
        columns = ("id", "slug", "name", "description", "icon", "is_active")
        return self.values(*columns, "plan_rows", "feature_rows")

    def in_order(self) -> Self:
        """As they are shown: by name."""
        return self.order_by("name", "pk")

    def with_plans(self) -> Self:
        """Each product with its plans as dicts in the same query: `plan_rows`, and in
        `feature_rows` what any of them allows.
        """
        plans = self.model._meta.get_field("plans").related_model._default_manager
        rows = (
            plans.filter(product=OuterRef("pk"))
            .order_by()
            .values("product")
            .annotate(
                rows=JSONRows(
                    JSONObject(
                        id=F("pk"),
                        name=F("name"),
                        interval=F("interval"),
                        price_amount=F("price_amount"),
                        currency=F("currency"),
                        trial_days=F("trial_days"),
                        rank=F("rank"),
                    )
                )
            )
            .values("rows")
        )
        return self.annotate(plan_rows=Subquery(rows), feature_rows=Subquery(_features(plans)))


def _features(plans: models.Manager) -> models.QuerySet[Any, Any]:
    """What the plans of a product allow, as one JSON list, for a subquery."""
    row = JSONObject(
        plan=F("pk"),
        key=F("features__feature"),
        name=F("features__feature__name"),
        kind=F("features__feature__kind"),
        rank=F("features__feature__rank"),
        value=F("features__value"),
    )
    theirs = plans.filter(product=OuterRef("pk"), features__isnull=False).order_by()
    return theirs.values("product").annotate(rows=JSONRows(row)).values("rows")


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def sold(self) -> Self:
        """Those that one can subscribe to, each with its product."""
        return self.filter(product__is_active=True).select_related("product")

    def by_rank(self) -> Self:
        """From the smallest plan to the largest."""
        return self.order_by("rank", "pk")
