"""The named queries of publications and attempts: what is due, and who has it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

if TYPE_CHECKING:
    from sns.models import Attempt, Publication
    from softfactory.accounts.models import User

MOST_NAMES = 400  # as many as are looked through on a network that honours no keys


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Publications."""

    def visible_to(self, user: "User") -> Self:
        """Those of the posts of all whom the user works for."""
        from_seats = Q(post__owner__seats__user=user)
        return self.filter(Q(post__owner=user) | from_seats).distinct()

    def due(self, *, now: datetime) -> Self:
        """What is to be sent or looked for now, the longest due first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def sendable(self, *, now: datetime) -> Self:
        """Of those, what is on an account that works, was not told to wait, and is free."""
        busy = self.model._default_manager.filter(
            account=OuterRef("account"), lease_until__isnull=False
        )
        free = Q(account__paused_until=None) | Q(account__paused_until__lte=now)
        works = Q(account__is_active=True, account__broken_reason="")
        return self.filter(free, works, ~Exists(busy))

    def one_of_each_account(self) -> Self:
        """The one of each account that is the longest due."""
        place = Window(RowNumber(), partition_by="account", order_by=["due_at", "pk"])
        return self.annotate(place=place).filter(place=1)

    def with_account(self) -> Self:
        """Each with its account. The same query."""
        return self.select_related("account")

    def with_post(self) -> Self:
        """Each with its post and account. The same query."""
        return self.select_related("post", "account")

    def claim(self, row: "Publication", *, now: datetime, lease: timedelta) -> bool:
        """Take a due row that was read, for as long as `lease`; tell whether nobody else has it.

        Raises IntegrityError if something else is being sent on its account.
        """
        mine = self.filter(pk=row.pk, claim=row.claim, state=row.state, due_at__lte=now)
        if row.state == "unconfirmed":
            columns: dict[str, Any] = {"due_at": now + lease}
        else:
            columns = {"state": "claimed", "due_at": None, "lease_until": now + lease}
        if not mine.update(claim=F("claim") + 1, **columns):
            return False
        row.claim += 1
        for name, value in columns.items():
            setattr(row, name, value)
        return True

    def held_by(self, row: "Publication") -> Self:
        """The row, unless somebody else has claimed it since `row` was, or it was ended."""
        return self.filter(pk=row.pk, claim=row.claim, state=row.state)

    def held_too_long(self, *, now: datetime) -> Self:
        """Those whose worker did not say in time what became of them."""
        return self.filter(lease_until__lte=now).order_by("lease_until").with_account()

    def on_account(self, account: Any) -> Self:
        """Those of an account, the last one first."""
        return self.filter(account=account).order_by("-scheduled_at", "-pk")

    def names_on(self, account: Any) -> list[str]:
        """What an account's network calls the latest of what is there."""
        there = self.on_account(account).filter(state="published")
        return list(there.values_list("remote_id", flat=True)[:MOST_NAMES])

    def open_of(self, owner_id: int) -> Self:
        """Those of an owner that something is to be done about still."""
        ended = ("published", "failed", "missed", "cancelled")
        return self.filter(account__owner=owner_id).exclude(state__in=ended)

    def contents(self) -> list[dict[str, Any]]:
        """Return what they say, as it is kept."""
        return list(self.values_list("content", flat=True))

    def in_order(self) -> Self:
        """As their accounts were chosen."""
        return self.order_by("pk")

    def with_attempts(self) -> Self:
        """Each with its account and its attempts, in order. One more query."""
        attempts: Any = self.model._meta.get_field("attempts").related_model
        rows = attempts.objects.order_by("number")
        return self.select_related("account").prefetch_related(models.Prefetch("attempts", rows))

    def to_watch(self, *, now: datetime) -> Self:
        """Those whose slot may be taken by now."""
        return self.filter(watched_at__lte=now).order_by("watched_at")

    def to_count(self, *, now: datetime) -> Self:
        """Those whose likes and replies are to be fetched by now."""
        return self.filter(reactions_at__lte=now).order_by("reactions_at")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Attempts."""

    def in_order(self) -> Self:
        """The first one first."""
        return self.order_by("number")
