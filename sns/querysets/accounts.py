"""The named queries of accounts and pictures."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from sns.querysets.teams import OwnedQuerySet

if TYPE_CHECKING:
    from sns.models import Media, SocialAccount
    from softfactory.accounts.models import User


class SocialAccountQuerySet(OwnedQuerySet["SocialAccount"]):
    """Accounts on networks."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of an account."""
        return self.values(
            "id",
            "owner_id",
            "network",
            "server",
            "handle",
            "timezone",
            "slots",
            "facts",
            "broken_reason",
            "broken_at",
            "paused_until",
            "created_at",
            "updated_at",
        )

    def visible_to(self, user: "User") -> Self:
        """Those that are connected, of all whose posts the user works on."""
        return super().visible_to(user).connected()

    def connected(self) -> Self:
        """Those that were not disconnected."""
        return self.filter(is_active=True)

    def to_ask(self, *, now: datetime) -> Self:
        """Those that work and whose servers are to be asked for their limits again by now, the
        longest due first.
        """
        due = self.connected().filter(facts_due_at__lte=now, broken_reason="")
        return due.order_by("facts_due_at", "pk")

    def on_server(self, network: str, server: str) -> Self:
        """Those on one server."""
        return self.filter(network=network, server=server)


class MediaQuerySet(OwnedQuerySet["Media"]):
    """Pictures."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a picture."""
        return self.values(
            "id", "owner_id", "content_type", "size", "width", "height", "alt", "created_at"
        )

    def idle(self, *, since: datetime) -> Self:
        """Those that no post shows, and that nobody has uploaded or described since then."""
        shown: Any = self.model._meta.apps.get_model("sns", "PostMedia")
        used = shown.objects.filter(media=OuterRef("pk"))
        return self.filter(~Exists(used), updated_at__lt=since)
