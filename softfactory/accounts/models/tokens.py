"""ApiToken: what opens the API for a user."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from softfactory.accounts.models.users import User
from softfactory.accounts.querysets import ApiTokenQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.generations import touch

SCOPES = tuple(
    f"{app}:{access}"
    for app in ("accounts", "bookings", "monitoring", "sns", "subscriptions")
    for access in ("read", "write")
)
TOKEN_PREFIX = "sf_"


class ApiToken(models.Model):
    """A bearer token of a user. The database keeps its digest; the text is shown once."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_tokens", db_index=False
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    hint = models.CharField(_("ends in"), max_length=4, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    # It is never edited; its representation changes with its use.
    version = 1

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            # Every request with a token: the row of its digest.
            models.UniqueConstraint(fields=["digest"], name="accounts_apitoken_digest_once"),
        ]
        indexes = [
            # A user's list of tokens, newest first.
            models.Index(fields=["user", "-created_at"], name="accounts_apitoken_user"),
            # run_due: forget tokens long expired.
            models.Index(fields=["expires_at"], name="accounts_apitoken_expires"),
        ]

    def __str__(self) -> str:
        name = self.name or _("token")
        return f"{name} …{self.hint}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the tokens of others are left alone."""
        with touch("user", self.user_id):
            super().save(*args, **kwargs)

    @property
    def derived(self) -> str:
        """What a representation shows besides edits: the last use."""
        return str(self.last_used_at)

    @staticmethod
    def new_text() -> str:
        """Return a fresh token's text: `sf_` and 256 random bits."""
        return TOKEN_PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(text: str) -> str:
        """Return what the database keeps of a token's text. Its entropy needs no slow hash."""
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def for_text(cls, text: str, **fields: Any) -> Self:
        """Return an unsaved token whose text is `text`."""
        return cls(digest=cls.digest_of(text), hint=text[-4:], **fields)

    def is_valid(self, *, now: datetime) -> bool:
        """Tell whether the token still opens doors. Its user must be active besides."""
        return self.revoked_at is None and now < self.expires_at
