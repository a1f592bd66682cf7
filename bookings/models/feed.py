"""CalendarFeed: the private address at which a calendar reads a user's bookings."""

import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager
from softfactory.kernel.sealing import seal, unseal


class CalendarFeed(models.Model):
    """Whoever has the secret reads the bookings, so it is as long as a token's. It can be shown
    again, and so is sealed; it is found by its digest.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    # The feed of an address.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed_secret = models.CharField(max_length=400, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = PeersManager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def new(cls, **fields: object) -> Self:
        """Return an unsaved feed with a fresh secret of 256 random bits."""
        secret = secrets.token_urlsafe(32)
        return cls(digest=cls.digest_of(secret), sealed_secret=seal(secret), **fields)

    @staticmethod
    def digest_of(secret: str) -> str:
        """Return by what a feed is found. The secret's entropy needs no slow hash."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def secret(self) -> str:
        """What stands in its address."""
        return unseal(self.sealed_secret)
