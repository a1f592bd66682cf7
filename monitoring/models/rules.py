"""AlertRule: what is measured, how bad is too bad, and what to look at then."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.querysets import AlertRuleQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned

LONGEST_WINDOW = 86_400  # seconds: as long as fine samples are kept


class AlertRule(Versioned):
    """A threshold for one metric over a window, and how long it has to be crossed.

    Of `slo_burn`, the threshold is a rate: how many times faster than the objective allows the
    budget of errors is spent. It has to be crossed over both windows, as Google's SRE workbook
    has it ("Alerting on SLOs", multiwindow, multi-burn-rate).
    """

    class Metric(models.TextChoices):
        API_RESPONSE_TIME = "api_response_time", _("Response time, average")
        API_RESPONSE_TIME_P95 = "api_response_time_p95", _("Response time, 95th percentile")
        DB_QUERY_TIME = "db_query_time", _("Query time, average")
        MEMORY_USAGE = "memory_usage", _("Memory of all processes")
        CACHE_HIT_RATE = "cache_hit_rate", _("Cache hit rate")
        ERROR_RATE = "error_rate", _("Error rate")
        TASK_QUEUE_AGE = "task_queue_age", _("Age of the oldest waiting task")
        INVARIANT_VIOLATIONS = "invariant_violations", _("Violated invariants")
        SLO_BURN = "slo_burn", _("Burn rate of the error budget")

    UNITS: ClassVar[dict[str, str]] = {
        Metric.API_RESPONSE_TIME: "ms",
        Metric.API_RESPONSE_TIME_P95: "ms",
        Metric.DB_QUERY_TIME: "ms",
        Metric.MEMORY_USAGE: "MB",
        Metric.CACHE_HIT_RATE: "%",
        Metric.ERROR_RATE: "%",
        Metric.INVARIANT_VIOLATIONS: "",
        Metric.SLO_BURN: "×",
    }

    class Comparison(models.TextChoices):
        ABOVE = "above", _("above")
        BELOW = "below", _("below")

    class Severity(models.TextChoices):
        CRITICAL = "critical", _("critical")
        WARNING = "warning", _("warning")

    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=100)
    is_enabled = models.BooleanField(_("is watched"), default=True)
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity, default=Severity.WARNING
    )
    metric = models.CharField(_("metric"), max_length=21, choices=Metric)
    comparison = models.CharField(
        _("fires"), max_length=5, choices=Comparison, default=Comparison.ABOVE
    )
    threshold = models.FloatField(_("threshold"))
    recovers_at = models.FloatField(
        _("recovers at"),
        null=True,
        blank=True,
        help_text=_("Empty: at the threshold. Further away, so that it does not flap."),
    )
    window_seconds = models.PositiveIntegerField(
        _("window, seconds"),
        default=300,
        validators=[MinValueValidator(10), MaxValueValidator(LONGEST_WINDOW)],
    )
    for_seconds = models.PositiveIntegerField(
        _("fires after, seconds"), default=60, validators=[MaxValueValidator(LONGEST_WINDOW)]
    )
    recover_seconds = models.PositiveIntegerField(
        _("recovers after, seconds"), default=120, validators=[MaxValueValidator(LONGEST_WINDOW)]
    )
    least_requests = models.PositiveIntegerField(
        _("least requests"),
        default=0,
        help_text=_("With fewer requests in the window there is no verdict."),
    )
    objective = models.FloatField(
        _("objective, %"),
        null=True,
        blank=True,
        help_text=_("For burn rates: the share of requests that must not fail, such as 99.9."),
    )
    short_window_seconds = models.PositiveIntegerField(
        _("short window, seconds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10)],
        help_text=_("For burn rates: it has to be crossed over this one too."),
    )
    look_at = models.TextField(_("what to look at"), max_length=1000, blank=True)
    look_at_path = models.CharField(_("where to look"), max_length=200, default="/monitoring/")

    objects = PeersManager.from_queryset(AlertRuleQuerySet)()

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="monitoring_alertrule_key_once"),
            models.CheckConstraint(
                condition=Q(comparison__in=["above", "below"]),
                name="monitoring_alertrule_comparison",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["critical", "warning"]),
                name="monitoring_alertrule_severity",
            ),
            models.CheckConstraint(
                condition=Q(window_seconds__range=(10, LONGEST_WINDOW)),
                name="monitoring_alertrule_window",
            ),
            # A rule recovers on the good side of its threshold.
            models.CheckConstraint(
                condition=Q(recovers_at__isnull=True)
                | Q(comparison="above", recovers_at__lte=F("threshold"))
                | Q(comparison="below", recovers_at__gte=F("threshold")),
                name="monitoring_alertrule_recovers",
                violation_error_message=_("It recovers on the good side of the threshold."),
            ),
            # A burn rate has an objective that leaves a budget, and two windows; others don't.
            models.CheckConstraint(
                condition=Q(
                    metric="slo_burn",
                    comparison="above",
                    objective__gt=0,
                    objective__lt=100,
                    short_window_seconds__lt=F("window_seconds"),
                    objective__isnull=False,
                    short_window_seconds__isnull=False,
                )
                | (
                    ~Q(metric="slo_burn")
                    & Q(objective__isnull=True, short_window_seconds__isnull=True)
                ),
                name="monitoring_alertrule_burn",
                violation_error_message=_(
                    "A burn rate fires above its threshold, and has an objective between 0 and 100 "
                    "and a short window within the other one. Other metrics have neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Let the way to look lead to this site."""
        super().clean()
        path = self.look_at_path
        if not path.startswith("/") or path.startswith("//") or not path.isprintable():
            message = _("Write a path of this site, such as /monitoring/.")
            raise ValidationError({"look_at_path": message})

    @property
    def unit(self) -> str:
        """What values of this rule are counted in; time that passes, in seconds."""
        return self.UNITS.get(self.metric, "s")

    @property
    def windows(self) -> tuple[int, ...]:
        """The windows it looks at, in seconds, the long one first."""
        return tuple(filter(None, (self.window_seconds, self.short_window_seconds)))

    def is_crossed(self, value: float) -> bool:
        """Tell whether this value is too bad."""
        if self.comparison == self.Comparison.ABOVE:
            return value > self.threshold
        return value < self.threshold

    def is_recovered(self, value: float) -> bool:
        """Tell whether this value is good again; between the two it is neither."""
        good = self.threshold if self.recovers_at is None else self.recovers_at
        return value <= good if self.comparison == self.Comparison.ABOVE else value >= good

    def worse(self, one: float, other: float) -> float:
        """Return the worse of two values."""
        return max(one, other) if self.comparison == self.Comparison.ABOVE else min(one, other)

    def written(self, value: float) -> str:
        """Return a value as one writes it, with its unit."""
        number = f"{value:,.1f}".removesuffix(".0")
        return f"{number} {self.unit}".rstrip()
