"""The queue of background tasks: how long it is, how old, and how its tasks fare."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Min, Q
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

RECENT = timedelta(minutes=5)


def queue(*, now: datetime) -> dict[str, Any]:
    """Return what waits, since when (seconds), what runs, and the run time (ms) of 5 minutes."""
    waiting = DBTaskResult.objects.ready().aggregate(count=Count("id"), oldest=Min("enqueued_at"))
    recent = Q(finished_at__gt=now - RECENT)
    found = DBTaskResult.objects.aggregate(
        running=Count("id", filter=Q(status=TaskResultStatus.RUNNING)),
        finished=Count("id", filter=recent),
        failed=Count("id", filter=Q(status=TaskResultStatus.FAILED) & recent),
        run_time=Avg(F("finished_at") - F("started_at"), filter=recent),
    )
    oldest, run_time = waiting["oldest"], found.pop("run_time")
    return {
        "waiting": waiting["count"],
        "oldest_seconds": round((now - oldest).total_seconds(), 1) if oldest else 0.0,
        **found,
        "run_time_ms": round(run_time.total_seconds() * 1000, 1) if run_time else None,
    }
