"""The named queries of accounts."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Value, Window
from django.db.models.functions import Cast, Concat, JSONObject, RowNumber

from softfactory.kernel.db.asking import do
from softfactory.kernel.db.functions import JSONRows
from softfactory.kernel.db.models import VersionedQuerySet
from softfactory.kernel.models import Generation

if TYPE_CHECKING:
    from softfactory.accounts.models import (
        ApiToken,
        User,
        WebhookAttempt,
        WebhookDelivery,
        WebhookEndpoint,
    )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a token."""
        columns = ("id", "name", "hint", "scopes", "created_at", "expires_at", "last_used_at")
        return self.values(*columns)

    def visible_to(self, user: "User") -> Self:
        """The user's own; a revoked one is gone for its owner too."""
        return self.filter(user=user, revoked_at=None)

    def with_generations(self) -> Self:
        """Each token with `number_of_all` and `number_of_user`: its user's generations now."""
        of_user = Concat(Value("user:"), Cast(OuterRef("user"), models.CharField()))
        return self.annotate(
            number_of_all=Generation.number_of("user"),
            number_of_user=Generation.number_of(of_user),
        )

    def note_use(self, pk: int, *, now: datetime) -> None:
        """Say of a token that it is used; in words of our own, as many requests are its first."""
        do(f"UPDATE {self.model._meta.db_table} SET last_used_at = %s WHERE id = %s", [now, pk])  # nosec B608

    def expired_before(self, instant: datetime) -> Self:
        """Those that could open nothing any more at an instant, revoked or not."""
        return self.filter(expires_at__lt=instant)

    def newest_first(self) -> Self:
        """As they were issued, the last one first."""
        return self.order_by("-created_at", "-pk")


class WebhookEndpointQuerySet(VersionedQuerySet["WebhookEndpoint"]):
    """Servers that are told of events."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of an endpoint."""
        columns = ("id", "url", "types", "is_active", "disabled_reason", "failing_since")
        return self.values(*columns, "old_key_until", "created_at", "updated_at")

    def standing(self) -> Self:
        """Those that are not deleted."""
        return self.filter(deleted_at=None)

    def visible_to(self, user: "User") -> Self:
        """The user's own."""
        return self.standing().filter(owner=user)

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")

    def told(self) -> Self:
        """Those that hear of events."""
        return self.filter(is_active=True)

    def as_one_row(self) -> models.QuerySet[Any, Any]:
        """All of them as one JSON list, of owners, ids and types: for a subquery."""
        rows = JSONRows(JSONObject(owner=F("owner"), id=F("pk"), types=F("types")))
        return self.order_by().annotate(all=Value(1)).values("all").annotate(r=rows).values("r")

    def forgettable(self, *, deleted_before: datetime) -> Self:
        """Those that nobody can ask about any more."""
        return self.filter(deleted_at__lt=deleted_before)


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Deliveries of events to endpoints."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a delivery."""
        columns = ("id", "endpoint_id", "event_id", "state", "due_at", "tries", "created_at")
        return self.values(*columns, "event__type")

    def visible_to(self, user: "User") -> Self:
        """Those to the user's endpoints."""
        return self.filter(endpoint__owner=user, endpoint__deleted_at=None)

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-created_at", "-pk")

    def with_message(self) -> Self:
        """Each with all that sending takes: event and endpoint. The same query."""
        return self.select_related("event", "endpoint")

    def due(self, *, now: datetime) -> Self:
        """What is to be sent now, the longest due first."""
        return self.filter(state="waiting", due_at__lte=now).order_by("due_at", "pk")

    def few_of_each(self, most: int) -> Self:
        """At most so many to one endpoint: one that hangs holds up its own events alone."""
        place = Window(RowNumber(), partition_by="endpoint", order_by=["due_at", "pk"])
        return self.annotate(place=place).filter(place__lte=most)

    def claim(self, row: "WebhookDelivery", *, now: datetime, lease: timedelta) -> bool:
        """Take a due row for as long as `lease`; tell whether nobody else has it."""
        mine = self.due(now=now).order_by().filter(pk=row.pk, tries=row.tries)
        if not mine.update(due_at=now + lease, tries=F("tries") + 1):
            return False
        row.tries += 1
        return True

    def recorded_by(self, row: "WebhookDelivery") -> Self:
        """The row, unless somebody else has claimed it since `row` was, or it was ended."""
        return self.filter(pk=row.pk, tries=row.tries, state="waiting")

    def ended(self) -> Self:
        """Those that nothing more is done about by itself."""
        return self.exclude(state="waiting")


class WebhookAttemptQuerySet(models.QuerySet["WebhookAttempt"]):
    """Tries to tell an endpoint."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of an attempt."""
        return self.values("number", "status", "failure", "answer", "duration_ms", "created_at")

    def taken(self) -> Self:
        """Those that the other side took."""
        return self.filter(Q(status__gte=200) & Q(status__lt=300))
