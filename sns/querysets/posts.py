"""The named queries of posts, and of what is planned and written around them."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject

from sns.querysets.teams import OwnedQuerySet
from softfactory.kernel.db.functions import JSONRows

if TYPE_CHECKING:
    from sns.models import Campaign, Post, Seat, Template, Variant


class PostQuerySet(OwnedQuerySet["Post"]):
    """Posts."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a post."""
        rows: Any = self.with_parts()
        return rows.values(
            "id",
            "owner_id",
            "author_id",
            "state",
            "text",
            "title",
            "link",
            "utm",
            "campaign_id",
            "scheduled_at",
            "timezone",
            "late_minutes",
            "recurrence",
            "repetition_of_id",
            "chef_id",
            "slot_starts_at",
            "slot_ends_at",
            "on_taken",
            "review_id",
            "approved_by_id",
            "created_at",
            "updated_at",
            "variant_rows",
            "picture_rows",
        )

    def with_parts(self) -> Self:
        """Each with its variants and pictures as lists of dicts. The same query."""
        variant = JSONObject(id=F("pk"), account_id=F("account_id"), text=F("text"))
        picture = JSONObject(media_id=F("media_id"), position=F("position"))
        return self.annotate(
            variant_rows=Subquery(self._rows("variants", variant)),
            picture_rows=Subquery(self._rows("pictures", picture)),
        )

    def _rows(self, name: str, row: JSONObject) -> models.QuerySet[Any, Any]:
        own = self._related(name).filter(post=OuterRef("pk")).order_by().values("post")
        return own.annotate(rows=JSONRows(row)).values("rows")

    def in_states(self, states: Collection[str]) -> Self:
        """Those in one of these states."""
        return self.filter(state__in=states)

    def between(self, first: datetime, last: datetime) -> Self:
        """Those whose time is between two instants, half open, in order."""
        return self.filter(scheduled_at__gte=first, scheduled_at__lt=last).order_by(
            "scheduled_at", "pk"
        )

    def with_variants(self) -> Self:
        """Each with its variants, their accounts, and its pictures. Two more queries."""
        return self.prefetch_related(
            models.Prefetch("variants", self._related("variants").in_order().with_account()),
            models.Prefetch(
                "pictures",
                self._related("pictures").select_related("media").order_by("position"),
            ),
        )

    def with_accounts(self) -> Self:
        """Each with its variants and their accounts. One more query."""
        rows = self._related("variants").in_order().with_account()
        return self.prefetch_related(models.Prefetch("variants", rows))

    def with_publications(self) -> Self:
        """Each with its publications and their accounts. One more query."""
        rows = self._related("publications").select_related("account").order_by("pk")
        return self.prefetch_related(models.Prefetch("publications", rows))

    def with_reactions(self) -> Self:
        """Each with what people did with it on all networks: `likes`, `replies`, `reposts`, and
        `reaction_count` of all; None where nobody has counted. The same query.
        """
        kinds = ("likes", "replies", "reposts")
        sums = {name: Sum(f"publications__{name}") for name in kinds}
        return self.annotate(**sums).annotate(
            reaction_count=F("likes") + F("replies") + F("reposts")
        )

    def with_people(self) -> Self:
        """Each with its owner, author and campaign. The same query."""
        return self.select_related("owner", "author", "campaign")

    def saying(self, fingerprint: str, *, since: datetime) -> Self:
        """Those that say the same and were written since."""
        return self.filter(fingerprint=fingerprint, created_at__gte=since)

    def to_repeat(self, *, now: datetime) -> Self:
        """Those whose repetition is due to be made, the longest due first."""
        return self.filter(repeats_at__lte=now).order_by("repeats_at", "pk")

    def _related(self, name: str) -> Any:
        related: Any = self.model._meta.get_field(name).related_model
        return related._default_manager.all()


class VariantQuerySet(models.QuerySet["Variant"]):
    """Which accounts posts go on."""

    def in_order(self) -> Self:
        """As the accounts were chosen."""
        return self.order_by("pk")

    def with_account(self) -> Self:
        """Each with its account. The same query."""
        return self.select_related("account")


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a seat."""
        return self.values("id", "owner_id", "user_id", "role", "created_at", "user__email")

    def with_people(self) -> Self:
        """Each with its owner and who has it. The same query."""
        return self.select_related("owner", "user")

    def in_order(self) -> Self:
        """The first one first."""
        return self.order_by("created_at", "pk")


class CampaignQuerySet(OwnedQuerySet["Campaign"]):
    """Campaigns."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a campaign."""
        return self.values(
            "id",
            "owner_id",
            "name",
            "utm_campaign",
            "starts_on",
            "ends_on",
            "created_at",
            "updated_at",
        )

    def with_counts(self) -> Self:
        """Each with `post_count` and `published_count`. The same query."""
        return self.annotate(
            post_count=Count("posts"),
            published_count=Count("posts", filter=Q(posts__state__in=["published", "partly"])),
        )


class TemplateQuerySet(OwnedQuerySet["Template"]):
    """Templates."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a template."""
        return self.values("id", "owner_id", "name", "text", "created_at", "updated_at")
