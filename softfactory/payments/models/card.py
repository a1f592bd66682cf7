"""Card: what a gateway keeps of a user's card, as we may show it. Its number is never here."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock
from softfactory.payments.querysets import CardQuerySet


class Card(models.Model):
    """A card that a user lets us charge. The newest that is not removed is the one that pays."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards", db_index=False
    )
    gateway = models.CharField(_("gateway"), max_length=20)
    reference = models.CharField(_("the gateway's name of it"), max_length=100)
    customer_reference = models.CharField(
        _("the gateway's name of the customer"), max_length=100, blank=True
    )
    brand = models.CharField(_("brand"), max_length=30)
    last4 = models.CharField(_("ends in"), max_length=4)
    expires_month = models.PositiveSmallIntegerField(_("month of expiry"))
    expires_year = models.PositiveSmallIntegerField(_("year of expiry"))
    created_at = models.DateTimeField(_("added"), default=clock.now, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            # A card that was sent twice is added once.
            models.UniqueConstraint(
                fields=["gateway", "reference"],
                condition=Q(removed_at__isnull=True),
                name="payments_card_once",
            ),
        ]
        indexes = [
            # A user's cards, and the one that pays: the newest.
            models.Index(
                F("user"),
                F("created_at").desc(),
                condition=Q(removed_at__isnull=True),
                name="payments_card_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} …{self.last4}"
