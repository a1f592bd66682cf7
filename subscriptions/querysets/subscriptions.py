"""The named queries of subscriptions."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F

from softfactory.kernel.db.models import VersionedQuerySet

if TYPE_CHECKING:
    from subscriptions.models import Subscription


class SubscriptionQuerySet(VersionedQuerySet["Subscription"]):
    """Subscriptions."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a subscription."""
        rows: Any = self.with_words()
        return rows.values(
            "id",
            "user_id",
            "product_slug",
            "plan_id",
            "plan_name",
            "plan_interval",
            "pending_plan_id",
            "status",
            "timezone",
            "currency",
            "price_amount",
            "current_period_start",
            "current_period_end",
            "trial_ends_at",
            "grace_ends_at",
            "paused_at",
            "ended_at",
            "cancel_at_period_end",
            "created_at",
            "updated_at",
        )

    def visible_to(self, user: models.Model) -> Self:
        """The user's own."""
        return self.filter(user=user)

    def newest_first(self) -> Self:
        """The last one begun first."""
        return self.order_by("-created_at", "-pk")

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.exclude(status=self.model.Status.CANCELLED)

    def in_a_state(self, *statuses: str) -> Self:
        """Those in one of these states."""
        return self.filter(status__in=statuses)

    def over(self, *, now: datetime) -> Self:
        """Those whose current period is over, and that go on or end by the clock."""
        return self.filter(status__in=self.model.RUNNING, current_period_end__lte=now)

    def with_plans(self) -> Self:
        """Each with its product, its plan, the plan that is to come, and its coupon."""
        return self.select_related("product", "plan", "pending_plan", "redemption__coupon")

    def with_words(self) -> Self:
        """Each with what its product and plan are called."""
        return self.annotate(
            product_slug=F("product__slug"),
            plan_name=F("plan__name"),
            plan_interval=F("plan__interval"),
        )
