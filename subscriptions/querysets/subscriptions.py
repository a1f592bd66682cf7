"""The named queries of subscriptions."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Max, Min, Q, When
from django.db.models.functions import JSONObject

from softfactory.kernel.db.functions import JSONRows
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
            "coupon_code",
            "coupon_periods_left",
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

    def with_dunning(self) -> Self:
        """Each with `attempts` to pay what it owes, and `retry_at`, the next one of them."""
        owed = Q(invoices__status="open")
        return self.annotate(
            attempts=Max("invoices__attempts", filter=owed),
            retry_at=Min("invoices__retry_at", filter=owed),
        )

    def with_plans(self) -> Self:
        """Each with its product, its plan, the plan that is to come, and its coupon."""
        return self.select_related("product", "plan", "pending_plan", "redemption__coupon")

    def with_words(self) -> Self:
        """Each with what its product and plan are called, and its coupon."""
        return self.annotate(
            product_slug=F("product__slug"),
            plan_name=F("plan__name"),
            plan_interval=F("plan__interval"),
            coupon_code=F("redemption__coupon__code"),
            coupon_periods_left=F("redemption__periods_left"),
        )

    def allowing(self) -> Self:
        """Those that allow what their plan does, until `allows_until` if that is not null: what is
        paused, has ended or was never paid allows nothing.
        """
        Status = self.model.Status
        in_grace = Q(status=Status.PAST_DUE, grace_ends_at__isnull=False)
        until = Case(
            When(status=Status.PAST_DUE, then=F("grace_ends_at")),
            When(cancel_at_period_end=True, then=F("current_period_end")),
        )
        running = self.filter(Q(status__in=(Status.TRIALING, Status.ACTIVE)) | in_grace)
        return running.annotate(allows_until=until)

    def grants_as_one_row(self) -> models.QuerySet[Any, Any]:
        """What the plans of a user's subscriptions allow, as one JSON list, for a subquery."""
        row = JSONObject(
            feature=F("plan__features__feature"),
            value=F("plan__features__value"),
            until=F("allows_until"),
            subscription=F("pk"),
            starts_at=F("current_period_start"),
            ends_at=F("current_period_end"),
        )
        each = self.filter(plan__features__isnull=False).order_by().values("user")
        return each.annotate(rows=JSONRows(row)).values("rows")
