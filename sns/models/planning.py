"""Campaign groups posts; Template is a text to begin with."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sns.querysets import CampaignQuerySet, TemplateQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned


class Campaign(Versioned):
    """Posts that belong together, and how links in them are marked."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(_("name"), max_length=100)
    # What `utm_campaign` of its posts' links is, unless the post says otherwise.
    utm_campaign = models.CharField(_("mark in links"), max_length=100, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = PeersManager.from_queryset(CampaignQuerySet)()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="sns_campaign_name_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="sns_campaign_days",
            ),
        ]
        indexes = [
            # An owner's campaigns, the last one first.
            models.Index(
                F("owner"), F("created_at").desc(), F("id").desc(), name="sns_campaign_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Template(Versioned):
    """A text with placeholders for what the business has: a chef, an open slot, a review."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(_("name"), max_length=100)
    text = models.TextField(_("text"), max_length=20_000)

    objects = PeersManager.from_queryset(TemplateQuerySet)()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="sns_template_name_once"),
        ]
        indexes = [
            # An owner's templates, the last one first.
            models.Index(
                F("owner"), F("created_at").desc(), F("id").desc(), name="sns_template_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name
