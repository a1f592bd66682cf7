"""Alert: a rule that was crossed, from the first sign to the end; silences; the last round."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from monitoring.models.rules import AlertRule
from monitoring.querysets import AlertQuerySet, AlertSilenceQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Alert(models.Model):
    """One time that a rule was crossed. It fires once that has held for as long as the rule says.

    `recovering_since` is when a firing one was first seen good again, with nothing bad since.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("alert", "Pending")
        FIRING = "firing", pgettext_lazy("alert", "Firing")
        RESOLVED = "resolved", pgettext_lazy("alert", "Resolved")

    #: Of these, a rule has one at a time.
    OPEN = (State.PENDING, State.FIRING)

    rule = models.ForeignKey(
        AlertRule, on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    opened_at = models.DateTimeField(_("since"), default=clock.now)
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)
    recovering_since = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    threshold = models.FloatField(_("threshold"))
    fired_value = models.FloatField(_("value when it fired"), null=True, blank=True)
    worst_value = models.FloatField(_("worst value"))
    last_value = models.FloatField(_("last value"))

    objects = PeersManager.from_queryset(AlertQuerySet)()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            # The open alert of a rule, of which there is one; all that are open.
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(state__in=["pending", "firing"]),
                name="monitoring_alert_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", fired_at__isnull=True, resolved_at__isnull=True)
                | Q(state="firing", fired_at__isnull=False, resolved_at__isnull=True)
                | Q(state="resolved", fired_at__isnull=False, resolved_at__isnull=False),
                name="monitoring_alert_state_dated",
            ),
        ]
        indexes = [
            # The history, newest first; run_due: forget what is long over.
            models.Index(
                F("opened_at").desc(),
                F("id").desc(),
                condition=Q(state="resolved"),
                name="monitoring_alert_history",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def minutes(self) -> int | None:
        """How long it lasted, None while it is open."""
        if self.resolved_at is None:
            return None
        return round((self.resolved_at - self.opened_at).total_seconds() / 60)

    def written(self, value: float | None) -> str:
        """Return one of its values as one writes it."""
        return "" if value is None else self.rule.written(value)


class AlertSilence(models.Model):
    """For a while, alerts of a rule, or of all, are recorded and nobody is told."""

    rule = models.ForeignKey(
        AlertRule,
        verbose_name=_("rule"),
        on_delete=models.CASCADE,
        related_name="silences",
        null=True,
        blank=True,
        help_text=_("Empty: all rules."),
    )
    starts_at = models.DateTimeField(_("from"), default=clock.now)
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    silenced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
    )

    objects = AlertSilenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("silence")
        verbose_name_plural = _("silences")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")),
                name="monitoring_alertsilence_lasts",
                violation_error_message=_("A silence ends after it has begun."),
            ),
        ]

    def __str__(self) -> str:
        rule: Any = self.rule or _("all rules")
        return str(rule)

    def covers(self, rule_id: int, *, at: datetime) -> bool:
        """Tell whether it silences this rule then."""
        return self.rule_id in (None, rule_id) and self.starts_at <= at < self.ends_at


class AlertRound(models.Model):
    """The one row that says when all rules were judged last, and when it is time again."""

    THE_ONE = 1

    evaluated_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    host = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="monitoring_alertround_one"),
        ]

    def __str__(self) -> str:
        return str(self.evaluated_at)
