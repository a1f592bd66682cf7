"""The invariants of all apps, counted by the clock so that whoever asks need not count."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError

from monitoring.models import InvariantCount
from softfactory.kernel.registry import invariants

logger = logging.getLogger(__name__)

PAUSE = timedelta(minutes=1)


def count_invariants(now: datetime) -> int:
    """Count each once a minute; return how many. One that fails keeps its old count."""
    last = InvariantCount.objects.order_by("-counted_at").first()
    if last is not None and now - last.counted_at < PAUSE:
        return 0
    counted = []
    for name, violations in invariants.items():
        try:
            counted.append(InvariantCount(name=name, violations=violations(), counted_at=now))
        except DatabaseError:
            logger.exception("%s could not be counted", name)
    InvariantCount.objects.bulk_create(
        counted,
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["violations", "counted_at"],
    )
    return len(counted)


def violations() -> dict[str, int | None]:
    """Return the violations of each invariant when they were counted last; None if never."""
    counted = dict(InvariantCount.objects.values_list("name", "violations"))
    return {name: counted.get(name) for name, _count in invariants.items()}
