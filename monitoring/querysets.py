"""Every named query of monitoring."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from softfactory.kernel.db.models import VersionedQuerySet

if TYPE_CHECKING:
    from monitoring.models import (
        Alert,
        AlertChannel,
        AlertDelivery,
        AlertRule,
        AlertSilence,
        RepeatedQuery,
        RequestStory,
        Sample,
        SlowQuery,
    )


class AlertRuleQuerySet(VersionedQuerySet["AlertRule"]):
    """Rules."""

    def enabled(self) -> Self:
        """Those that are watched."""
        return self.filter(is_enabled=True)


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts."""

    def open(self) -> Self:
        """Those that are pending or fire."""
        return self.filter(state__in=self.model.OPEN)

    def pending(self) -> Self:
        """Those whose time to fire has not come."""
        return self.filter(state=self.model.State.PENDING)

    def firing(self) -> Self:
        """Those that fire."""
        return self.filter(state=self.model.State.FIRING)

    def resolved(self) -> Self:
        """Those that fired and are over."""
        return self.filter(state=self.model.State.RESOLVED)

    def without_rule(self) -> Self:
        """Those whose rule nobody watches any more."""
        return self.filter(rule__is_enabled=False)

    def with_rule(self) -> Self:
        """Each with its rule, in the same query."""
        return self.select_related("rule")

    def with_deliveries(self) -> Self:
        """Each with its deliveries and their channels, in one query more."""
        deliveries: Any = self.model._meta.get_field("deliveries").related_model
        rows = deliveries.objects.select_related("channel").order_by("created_at", "pk")
        return self.prefetch_related(Prefetch("deliveries", rows))

    def newest_first(self) -> Self:
        """The last one first."""
        return self.order_by("-opened_at", "-pk")

    def fired_since(self, instant: datetime) -> Self:
        """Those that began to fire after it."""
        return self.filter(fired_at__gt=instant)

    def over_before(self, instant: datetime) -> Self:
        """Those that began before, and are over."""
        return self.resolved().filter(opened_at__lt=instant)


class AlertSilenceQuerySet(models.QuerySet["AlertSilence"]):
    """Silences."""

    def at(self, instant: datetime) -> Self:
        """Those that hold then."""
        return self.filter(starts_at__lte=instant, ends_at__gt=instant)


class AlertChannelQuerySet(VersionedQuerySet["AlertChannel"]):
    """Channels."""

    def told_of_alerts(self) -> Self:
        """Those that hear of alerts."""
        return self.filter(is_enabled=True).exclude(kind=self.model.Kind.HEARTBEAT)

    def with_secret(self) -> Self:
        """Those whose messages are signed."""
        return self.exclude(sealed_key="")

    def due_for_heartbeat(self, *, before: datetime) -> Self:
        """Heartbeats, if the last one was before."""
        never_or_long_ago = Q(pinged_at__isnull=True) | Q(pinged_at__lte=before)
        return self.filter(never_or_long_ago, is_enabled=True, kind=self.model.Kind.HEARTBEAT)


class AlertDeliveryQuerySet(models.QuerySet["AlertDelivery"]):
    """Deliveries."""

    def waiting(self) -> Self:
        """Those that are still to be sent."""
        return self.filter(state=self.model.State.WAITING)

    def untried(self) -> Self:
        """Those that nobody has begun to send."""
        return self.waiting().filter(attempts=0)

    def ended(self) -> Self:
        """Those that are sent, given up or silenced."""
        return self.exclude(state=self.model.State.WAITING)

    def of_firing(self) -> Self:
        """Those that tell that an alert fires."""
        return self.filter(transition=self.model.Transition.FIRING)

    def due(self, *, now: datetime) -> Self:
        """Those to be sent now that nobody is sending, the oldest first.

        The end is told once the beginning is.
        """
        unsent = self.model.objects.of_firing().waiting()
        beginning = unsent.filter(alert=OuterRef("alert"), channel=OuterRef("channel"))
        too_early = Q(transition=self.model.Transition.RESOLVED) & Exists(beginning)
        return (
            self.waiting()
            .unclaimed(now=now)
            .filter(next_try_at__lte=now)
            .exclude(too_early)
            .order_by("next_try_at", "pk")
        )

    def unclaimed(self, *, now: datetime) -> Self:
        """Those whose lease nobody holds."""
        return self.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))

    def held_by(self, lease_until: datetime) -> Self:
        """Those of this lease."""
        return self.waiting().filter(lease_until=lease_until)

    def claim(self, *, until: datetime) -> int:
        """Take the lease and count the attempt; return how many rows are now one's own."""
        return self.update(lease_until=until, attempts=F("attempts") + 1)

    claim.alters_data = True  # type: ignore[attr-defined]

    def with_message(self) -> Self:
        """Each with all that is told: its alert, the rule, the channel. The same query."""
        return self.select_related("alert__rule", "channel")


class SampleQuerySet(models.QuerySet["Sample"]):
    """Samples by resolution and time."""

    model: type[Any]

    def fine(self) -> Self:
        """Those of about 10 seconds."""
        return self.of(self.model.Resolution.FINE)

    def coarse(self) -> Self:
        """Those of 5 minutes."""
        return self.of(self.model.Resolution.COARSE)

    def of(self, resolution: int) -> Self:
        """Those that last so many seconds."""
        return self.filter(resolution=resolution)

    def since(self, instant: datetime) -> Self:
        """Those that end after `instant`, the oldest first."""
        return self.filter(ends_at__gt=instant).order_by("ends_at")

    def until(self, instant: datetime) -> Self:
        """Those that begin before `instant`."""
        return self.filter(starts_at__lt=instant)

    def since_each(self, instants: Mapping[int, datetime]) -> Self:
        """Of each resolution named, those that end after its instant; the longest first."""
        wanted = Q()
        for resolution, instant in instants.items():
            wanted |= Q(resolution=resolution, ends_at__gt=instant)
        return self.filter(wanted).order_by("-resolution", "ends_at")


class RequestStoryQuerySet(models.QuerySet["RequestStory"]):
    """Stories by their request's id."""

    def of(self, request_id: str) -> Self:
        """Those of the requests with this id, the newest first."""
        return self.filter(request_id=request_id).order_by("-at", "-pk")

    def older_than(self, instant: datetime) -> Self:
        """Those from before `instant`, the oldest first."""
        return self.filter(at__lt=instant).order_by("at")


class SlowQueryQuerySet(models.QuerySet["SlowQuery"]):
    """Slow queries, worst first."""

    def worst_first(self) -> Self:
        """Ordered by all the time that they took."""
        return self.order_by("-total_ms")

    def to_be_explained(self, *, since: datetime) -> Self:
        """Those without a plan, or with one from before `since`, the slowest first."""
        return self.filter(Q(planned_at=None) | Q(planned_at__lt=since)).order_by("-max_ms")

    def unseen_since(self, instant: datetime) -> Self:
        """Those that were not slow since `instant`."""
        return self.filter(last_seen__lt=instant)


class RepeatedQueryQuerySet(models.QuerySet["RepeatedQuery"]):
    """Repeated queries, worst first."""

    def worst_first(self) -> Self:
        """Ordered by how often one request asked them."""
        return self.order_by("-most", "-requests")

    def unseen_since(self, instant: datetime) -> Self:
        """Those that were not repeated since `instant`."""
        return self.filter(last_seen__lt=instant)
