"""AlertChannel: where alerts are told; AlertDelivery: that a channel is told of one of them."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from monitoring.models.alerts import Alert
from monitoring.querysets import AlertChannelQuerySet, AlertDeliveryQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.sealing import seal, unseal
from softfactory.kernel.targets import Refused, Target


class AlertChannel(Versioned):
    """An e-mail address or a webhook that is told of alerts, or one that hears that all is well.

    A heartbeat is called every minute while alerts are evaluated: whoever misses it raises the
    alarm that a site which is down can't raise.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")
        HEARTBEAT = "heartbeat", _("Heartbeat")

    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.EMAIL)
    address = models.CharField(
        _("address"), max_length=500, help_text=_("An e-mail address, or an https address.")
    )
    sealed_key = models.CharField(max_length=400, blank=True, editable=False)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("en", _("English")), ("ko", _("Korean"))],
        default="en",
    )
    is_enabled = models.BooleanField(_("is told"), default=True)
    pinged_at = models.DateTimeField(_("last heartbeat"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)

    objects = PeersManager.from_queryset(AlertChannelQuerySet)()

    class Meta:
        verbose_name = _("alert channel")
        verbose_name_plural = _("alert channels")
        ordering = ["kind", "address"]
        constraints = [
            models.UniqueConstraint(fields=["address"], name="monitoring_alertchannel_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["email", "webhook", "heartbeat"]),
                name="monitoring_alertchannel_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind="webhook") | Q(sealed_key__gt=""),
                name="monitoring_alertchannel_signed",
            ),
        ]

    def __str__(self) -> str:
        """Return the address; of a URL, whose path may be a secret, the host."""
        if self.kind == self.Kind.EMAIL:
            return self.address
        return self.address.partition("://")[2].partition("/")[0].partition("?")[0]

    @property
    def secret(self) -> str:
        """What signs messages to a webhook, as both sides write it; kept sealed."""
        return unseal(self.sealed_key) if self.sealed_key else ""

    @secret.setter
    def secret(self, text: str) -> None:
        self.sealed_key = seal(text) if text else ""

    def clean(self) -> None:
        """Refuse an address that nothing can be sent to."""
        super().clean()
        try:
            if self.kind == self.Kind.EMAIL:
                validate_email(self.address)
            else:
                Target.of(self.address)
        except ValidationError as error:
            raise ValidationError({"address": error.messages}) from None
        except Refused as refusal:
            raise ValidationError({"address": str(refusal)}) from None


class AlertDelivery(models.Model):
    """One channel that is told that one alert fires, or that it is over.

    Whoever sends it holds the lease meanwhile. The message's id stays the same however often it
    is tried, so that a receiver knows a repetition.
    """

    class Transition(models.TextChoices):
        FIRING = "firing", pgettext_lazy("alert", "Firing")
        RESOLVED = "resolved", pgettext_lazy("alert", "Resolved")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Given up")
        DROPPED = "dropped", pgettext_lazy("delivery", "Silenced")

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    channel = models.ForeignKey(AlertChannel, on_delete=models.CASCADE, related_name="deliveries")
    transition = models.CharField(_("tells"), max_length=8, choices=Transition)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), default=clock.now)
    lease_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = PeersManager.from_queryset(AlertDeliveryQuerySet)()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            # A channel is told once; the deliveries of an alert.
            models.UniqueConstraint(
                fields=["alert", "transition", "channel"], name="monitoring_alertdelivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "failed", "dropped"]),
                name="monitoring_alertdelivery_state",
            ),
        ]
        indexes = [
            # run_due: what is to be sent now.
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="waiting"),
                name="monitoring_alertdelivery_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.get_transition_display()} → {self.channel}"
