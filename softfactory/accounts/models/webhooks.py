"""Webhooks out: WebhookEndpoint is told of WebhookEvents, by WebhookDeliveries, in WebhookAttempts.

An endpoint is a user's own server. An event is something that happened to what is theirs. That an
endpoint is told of an event is a delivery, and each try to tell it an attempt.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.accounts.models.users import User
from softfactory.accounts.querysets import (
    WebhookAttemptQuerySet,
    WebhookDeliveryQuerySet,
    WebhookEndpointQuerySet,
)
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.sealing import seal, unseal

BOTH_HOLD = timedelta(hours=24)  # the new secret and the one before


class WebhookEndpoint(Versioned):
    """A server of a user's that is told of what happens, and the secret that tells it is us.

    A deleted one is kept for as long as its deliveries are, without its secrets: whoever records
    an event for it in that moment must not fail.
    """

    class Off(models.TextChoices):
        """Why nothing is sent to it."""

        OWNER = "owner", _("You switched it off")
        GONE = "gone", _("It answered that it is gone (410)")
        FAILING = "failing", _("It had taken nothing for 5 days")

    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="webhook_endpoints", db_index=False
    )
    url = models.CharField(_("address"), max_length=500)
    types = models.JSONField(_("events"), default=list)
    sealed_key = models.CharField(max_length=400, blank=True, editable=False)
    sealed_old_key = models.CharField(max_length=400, blank=True, editable=False)
    old_key_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    disabled_reason = models.CharField(_("why not"), max_length=7, choices=Off, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = PeersManager.from_queryset(WebhookEndpointQuerySet)()

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_reason="", deleted_at=None)
                | Q(is_active=False, disabled_reason__in=["owner", "gone", "failing"]),
                name="accounts_webhookendpoint_off",
            ),
            models.CheckConstraint(
                condition=~Q(is_active=True) | Q(sealed_key__gt=""),
                name="accounts_webhookendpoint_signed",
            ),
        ]
        indexes = [
            # A user's endpoints, the last one first.
            models.Index(
                F("owner"),
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(deleted_at=None),
                name="accounts_webhookendpoint_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """The part of the address that is no secret."""
        return self.url.partition("://")[2].partition("/")[0].partition("?")[0]

    @property
    def derived(self) -> str:
        """What a representation shows besides edits: how it fares."""
        return str(self.failing_since)

    @property
    def secret(self) -> str:
        """What signs its messages, as both sides write it; kept sealed."""
        return unseal(self.sealed_key)

    @secret.setter
    def secret(self, text: str) -> None:
        self.sealed_key = seal(text)

    def secrets_at(self, now: datetime) -> list[str]:
        """Return the secrets that messages are signed with: for a day after a change both."""
        secrets = [self.secret]
        if self.sealed_old_key and self.old_key_until and now < self.old_key_until:
            secrets.append(unseal(self.sealed_old_key))
        return secrets


class WebhookEvent(models.Model):
    """Something that happened, as its owner's servers are told of it. It is never changed."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    type = models.CharField(_("type"), max_length=60)
    content = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("happened"), default=clock.now, editable=False)

    objects = PeersManager()

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        indexes = [
            # run_due: forget events after 30 days.
            models.Index(fields=["created_at"], name="accounts_webhookevent_created"),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"

    @property
    def message_id(self) -> str:
        """What a receiver knows a repetition by: the same for every delivery and attempt."""
        return f"evt_{self.key.hex}"

    def as_told(self) -> dict[str, Any]:
        """Return the message, the same each time."""
        at = self.created_at.isoformat().replace("+00:00", "Z")
        return {"type": self.type, "timestamp": at, "data": self.content}


class WebhookDelivery(models.Model):
    """That an endpoint is told of an event.

    Whoever sends it moves `due_at` by a lease and counts `tries`, in one conditional update; the
    number is the fencing token of what they record.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Given up")
        DROPPED = "dropped", pgettext_lazy("delivery", "Endpoint was off")

    event = models.ForeignKey(
        WebhookEvent, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    tries = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    # It is never edited; its representation changes with its attempts.
    version = 1

    objects = PeersManager.from_queryset(WebhookDeliveryQuerySet)()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            # An endpoint is told once; the deliveries of an event.
            models.UniqueConstraint(
                fields=["event", "endpoint"], name="accounts_webhookdelivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | Q(state__in=["sent", "failed", "dropped"], due_at=None),
                name="accounts_webhookdelivery_state",
            ),
        ]
        indexes = [
            # The worker and run_due: what is to be sent now.
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting"),
                name="accounts_webhookdelivery_due",
            ),
            # A user's deliveries, the last one first.
            models.Index(
                F("endpoint"),
                F("created_at").desc(),
                F("id").desc(),
                name="accounts_webhookdelivery_log",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}"

    @property
    def derived(self) -> str:
        """What a representation shows besides edits, of which there are none."""
        return f"{self.state} {self.tries} {self.due_at}"


class WebhookAttempt(models.Model):
    """One try to tell, and what came of it. Rows are added and never changed."""

    class Failure(models.TextChoices):
        """Why there is no answer."""

        REFUSED = "refused", _("We don't call this address")
        UNREACHABLE = "unreachable", _("It could not be reached, or broke off")
        TIMED_OUT = "timed_out", _("It did not answer in time")
        TOO_LARGE = "too_large", _("Its answer was too large")

    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=11, choices=Failure, blank=True)
    answer = models.CharField(_("beginning of the answer"), max_length=1_000, blank=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"))
    created_at = models.DateTimeField(_("made"), default=clock.now, editable=False)

    objects = WebhookAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        constraints = [
            # The attempts of a delivery, in order; each is recorded once.
            models.UniqueConstraint(
                fields=["delivery", "number"], name="accounts_webhookattempt_once"
            ),
            models.CheckConstraint(
                condition=Q(status__isnull=False, failure="")
                | Q(status=None, failure__in=["refused", "unreachable", "timed_out", "too_large"]),
                name="accounts_webhookattempt_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number}"
