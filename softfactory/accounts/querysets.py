"""The named queries of accounts."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Value
from django.db.models.functions import Cast, Concat

from softfactory.kernel.models import Generation

if TYPE_CHECKING:
    from softfactory.accounts.models import ApiToken, User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens."""

    def shown(self) -> models.QuerySet[Any, Any]:
        """Each as a dict of what the API shows of a token."""
        columns = ("id", "name", "hint", "scopes", "created_at", "expires_at", "last_used_at")
        return self.values(*columns)

    def visible_to(self, user: "User") -> Self:
        """The user's own; a revoked one is gone for its owner too."""
        return self.filter(user=user, revoked_at=None)

    def with_user(self) -> Self:
        """Each token together with its user."""
        return self.select_related("user")

    def with_generations(self) -> Self:
        """Each token with `number_of_all` and `number_of_user`: its user's generations now."""
        of_user = Concat(Value("user:"), Cast(OuterRef("user"), models.CharField()))
        return self.annotate(
            number_of_all=Generation.number_of("user"),
            number_of_user=Generation.number_of(of_user),
        )

    def expired_before(self, instant: datetime) -> Self:
        """Those that could open nothing any more at an instant, revoked or not."""
        return self.filter(expires_at__lt=instant)

    def newest_first(self) -> Self:
        """As they were issued, the last one first."""
        return self.order_by("-created_at", "-pk")
