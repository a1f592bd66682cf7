"""Every named query of monitoring."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from monitoring.models import Sample


class SampleQuerySet(models.QuerySet["Sample"]):
    """Samples by resolution and time."""

    model: type[Any]

    def fine(self) -> Self:
        """Those of about 10 seconds."""
        return self.filter(resolution=self.model.Resolution.FINE)

    def coarse(self) -> Self:
        """Those of 5 minutes."""
        return self.filter(resolution=self.model.Resolution.COARSE)

    def since(self, instant: datetime) -> Self:
        """Those that end after `instant`, the oldest first."""
        return self.filter(ends_at__gt=instant).order_by("ends_at")

    def until(self, instant: datetime) -> Self:
        """Those that begin before `instant`."""
        return self.filter(starts_at__lt=instant)
