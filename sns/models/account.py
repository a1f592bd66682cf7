"""SocialAccount: an account on a network that posts are published on."""

from collections.abc import Mapping

import orjson
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sns.querysets import SocialAccountQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.sealing import seal, unseal
from softfactory.kernel.zones import validate_zone


class SocialAccount(Versioned):
    """An account of its owner's on a network, and the secrets that open it.

    One that stopped working is broken, and says why; connected again it goes on with all its
    settings. A disconnected one has no secrets; its row stays for what was published on it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="social_accounts",
        db_index=False,
    )
    network = models.CharField(_("network"), max_length=20)
    server = models.CharField(_("server"), max_length=200)
    handle = models.CharField(_("name there"), max_length=300)
    remote_id = models.CharField(max_length=500, editable=False)
    sealed_secrets = models.TextField(blank=True, editable=False)
    facts = models.JSONField(_("what is known of the server"), default=dict)
    # When the server is to be asked for them again; null: its network's are the same everywhere.
    facts_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_zone]
    )
    # [{"weekday": 0–6 (Monday 0), "at": "09:00"}], in the account's zone.
    slots = models.JSONField(_("queue times"), default=list, blank=True)
    is_active = models.BooleanField(_("connected"), default=True, editable=False)
    broken_reason = models.CharField(_("why it does not work"), max_length=500, blank=True)
    broken_at = models.DateTimeField(_("broken since"), null=True, blank=True, editable=False)
    # Until then the network asked to be left alone.
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True, editable=False)

    objects = PeersManager.from_queryset(SocialAccountQuerySet)()

    class Meta:
        verbose_name = _("social account")
        verbose_name_plural = _("social accounts")
        constraints = [
            # Connecting again finds the row with its settings.
            models.UniqueConstraint(
                fields=["owner", "network", "server", "remote_id"], name="sns_socialaccount_once"
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, sealed_secrets__gt="")
                | Q(is_active=False, sealed_secrets=""),
                name="sns_socialaccount_opens",
            ),
            models.CheckConstraint(
                condition=Q(broken_reason="", broken_at=None)
                | Q(broken_reason__gt="", broken_at__isnull=False),
                name="sns_socialaccount_broken",
            ),
        ]
        indexes = [
            # An owner's accounts, the last one first.
            models.Index(
                F("owner"),
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(is_active=True),
                name="sns_socialaccount_owner",
            ),
            # run_due: whose servers are to be asked for their limits again.
            models.Index(
                fields=["facts_due_at"],
                condition=Q(facts_due_at__isnull=False),
                name="sns_socialaccount_facts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"

    @property
    def derived(self) -> str:
        """What a representation shows besides edits: whether it works, and when it goes on."""
        return f"{self.broken_at} {self.paused_until}"

    @property
    def works(self) -> bool:
        """Whether something can be published on it."""
        return self.is_active and not self.broken_reason

    @property
    def secrets(self) -> Mapping[str, str]:
        """What opens it; kept sealed."""
        return orjson.loads(unseal(self.sealed_secrets))

    @secrets.setter
    def secrets(self, secrets: Mapping[str, str]) -> None:
        self.sealed_secrets = seal(orjson.dumps(dict(secrets)).decode())
