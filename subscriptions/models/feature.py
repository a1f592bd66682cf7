"""Features: what plans allow, how much of it, and who needs no plan for any of it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.db.generations import touch
from subscriptions.models.product import Plan
from subscriptions.querysets import FeatureQuerySet

validate_key = RegexValidator(
    r"\A[a-z]+(\.[a-z_]+)+\Z", _("Write it as programs do: sns.posts, for instance.")
)


class Feature(models.Model):
    """Something that a plan may allow. What is no feature, nobody sells: everybody has it."""

    class Kind(models.TextChoices):
        BOOLEAN = "boolean", pgettext_lazy("feature", "Allowed, or not")
        LIMIT = "limit", pgettext_lazy("feature", "So many at a time")
        METERED = "metered", pgettext_lazy("feature", "So many in a period")

    key = models.CharField(_("key"), max_length=60, primary_key=True, validators=[validate_key])
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    free = models.PositiveIntegerField(
        _("without a plan"),
        null=True,
        blank=True,
        default=0,
        help_text=_("How many, in a calendar month if it is metered; empty for any number."),
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="boolean") | Q(free__in=[0, 1], free__isnull=False),
                name="subscriptions_feature_free",
                violation_error_message=_("What is allowed or not has 1 or 0 without a plan."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanFeature(models.Model):
    """How much of a feature a plan allows: 1 or 0 if it is allowed or not, None for any number."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="features", db_index=False
    )
    feature = models.ForeignKey(
        Feature,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("feature"),
    )
    value = models.PositiveIntegerField(
        _("how many"),
        null=True,
        blank=True,
        default=1,
        help_text=_("In a period, if it is metered; empty for any number; 1 for allowed."),
    )

    class Meta:
        verbose_name = _("feature of a plan")
        verbose_name_plural = _("features of a plan")
        constraints = [
            # The features of a plan.
            models.UniqueConstraint(
                fields=["plan", "feature"], name="subscriptions_planfeature_once"
            ),
        ]
        indexes = [
            # Staff deletes a feature: plans that have it.
            models.Index(fields=["feature"], name="subscriptions_planfeature_of"),
        ]

    def __str__(self) -> str:
        return str(self.feature)

    def clean(self) -> None:
        """Refuse a number of what is allowed or not."""
        super().clean()
        feature = Feature.objects.filter(pk=self.feature_id).first()
        if feature and feature.kind == Feature.Kind.BOOLEAN and self.value not in (0, 1):
            raise ValidationError({"value": _("It is allowed or not: write 1 or 0.")})


class Exemption(models.Model):
    """Somebody whom no plan limits: a partner, or whoever tries the demo."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="exemption",
        verbose_name=_("user"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")

    def __str__(self) -> str:
        return self.reason

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; what others are allowed is left alone."""
        with touch("entitlements", self.user_id):
            super().save(*args, **kwargs)
