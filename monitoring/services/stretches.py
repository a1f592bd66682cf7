"""Which samples tell of a stretch of time: the finest of which there are not too many.

Where the last longer ones are not yet made, the finer ones since stand in.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from monitoring.models import Sample
from monitoring.services.samples import KEPT
from monitoring.services.totals import Packed

#: From the finest on. Each is made within two of its own lengths.
RESOLUTIONS = tuple(sorted(KEPT))


class Told(NamedTuple):
    """What a host counted from `starts_at` until before `ends_at`."""

    resolution: int
    host: str
    starts_at: datetime
    ends_at: datetime
    gauges: dict[str, float]
    counted: Packed


def told(
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    most: int,
    column: Literal["tally", "summary"] = "tally",
) -> list[Told]:
    """Return what all hosts counted between, at most about `most` samples a host, in order."""
    resolution = resolution_of(start=start, end=end, now=now, most=most)
    rows = Sample.objects.since_each(_instants(resolution, start, end)).until(end)
    found: list[Told] = []
    until: dict[str, datetime] = {}
    columns = ("resolution", "host", "starts_at", "ends_at", "gauges", column)
    for row in map(Told._make, rows.values_list(*columns)):
        if row.ends_at > until.get(row.host, start):
            found.append(row)
            until[row.host] = row.ends_at
    return sorted(found, key=lambda row: row.ends_at)


def resolution_of(*, start: datetime, end: datetime, now: datetime, most: int) -> int:
    """Return the shortest resolution that is still kept and of which at most `most` are needed."""
    for resolution in RESOLUTIONS:
        is_kept = now - start <= KEPT[Sample.Resolution(resolution)]
        if is_kept and (end - start).total_seconds() <= most * resolution:
            return resolution
    return RESOLUTIONS[-1]


def _instants(resolution: int, start: datetime, end: datetime) -> dict[int, datetime]:
    instants: dict[Any, datetime] = {resolution: start}
    for finer, longer in pairwise(RESOLUTIONS):
        if longer <= resolution:
            instants[finer] = max(start, end - 2 * timedelta(seconds=longer))
    return instants
