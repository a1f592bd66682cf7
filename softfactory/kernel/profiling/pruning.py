"""How long silk's records stay."""

from datetime import datetime, timedelta

from silk.models import Request

KEPT = timedelta(days=2)
AT_ONCE = 200  # requests, each with its queries


def prune(now: datetime) -> int:
    """Delete what is older than two days, some at a time, and what is beyond the most that may be.

    Returns how many requests were forgotten for their age.
    """
    Request.garbage_collect(force=True)
    old = Request.objects.filter(start_time__lt=now - KEPT).values_list("pk", flat=True)
    pks = list(old[:AT_ONCE])
    Request.objects.filter(pk__in=pks).delete()
    return len(pks)
