"""GatewayEvent: what a gateway told us by webhook, each event once."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock


class GatewayEvent(models.Model):
    """An event in the inbox. What it says of a payment is not believed, but asked for."""

    gateway = models.CharField(_("gateway"), max_length=20)
    event_id = models.CharField(_("the gateway's name of it"), max_length=100)
    kind = models.CharField(_("kind"), max_length=60)
    reference = models.CharField(_("about"), max_length=100, blank=True)
    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    received_at = models.DateTimeField(_("received"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("event of a gateway")
        verbose_name_plural = _("events of gateways")
        constraints = [
            # An event that is delivered again is known.
            models.UniqueConstraint(
                fields=["gateway", "event_id"], name="payments_gatewayevent_once"
            ),
        ]
        indexes = [
            # Admin: events, newest first.
            models.Index(F("received_at").desc(), name="payments_event_received"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.event_id}"
