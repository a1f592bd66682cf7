"""What was counted over time: the last reading of each host's meters, and a row per interval."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from monitoring.models.packed import PackedField
from monitoring.querysets import SampleQuerySet


class Reading(models.Model):
    """What a host's meters showed last; a sample is how far they moved since.

    `epoch` says since when they count: gunicorn's master starts them anew. `tally` is packed (see
    `monitoring.services.totals`), `gauges` holds what stood at `taken_at`.
    """

    host = models.CharField(max_length=255, primary_key=True)
    epoch = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    tally = models.JSONField(default=dict)
    gauges = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.host} {self.taken_at:%Y-%m-%d %H:%M:%S}"


class Sample(models.Model):
    """What happened on a host from `starts_at` until before `ends_at`.

    Fine ones are kept for a day; coarse ones, each made of the fine ones of 5 minutes, and those
    of an hour, made of coarse ones, for 30. `summary` is what all endpoints counted together, and
    all databases: a chart of the whole site reads no more.
    """

    class Resolution(models.IntegerChoices):
        FINE = 10, "10 s"
        COARSE = 300, "5 min"
        HOURLY = 3600, "1 h"

    host = models.CharField(max_length=255)
    resolution = models.PositiveSmallIntegerField(choices=Resolution)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tally: Any = PackedField(default=dict)
    summary: Any = PackedField(default=dict)
    gauges = models.JSONField(default=dict)

    objects = SampleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host", "resolution", "starts_at"], name="monitoring_sample_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="monitoring_sample_lasts"
            ),
        ]
        indexes = [
            # Charts and figures: the samples since; run_due: forget the old ones.
            models.Index(fields=["resolution", "ends_at"], name="monitoring_sample_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.starts_at:%Y-%m-%d %H:%M:%S} {self.resolution} s"


class InvariantCount(models.Model):
    """How often an invariant was violated when it was counted last."""

    name = models.CharField(max_length=100, primary_key=True)
    violations = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.violations}"
