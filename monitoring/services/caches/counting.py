"""How often what is kept serves, layer by layer, since the servers started, on all hosts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import caches

from monitoring.models import Reading
from monitoring.services.figures import counted_ever, elsewhere, percent
from monitoring.services.totals import Tally, read_meters

#: The layers that there always are, in the order in which a request meets them. `reads` are the
#: cached reads that reached Django; what else counts hits and misses comes after these.
READY, READS, DEFAULT = "ready", "reads", "default"


def cache_stats(*, now: datetime) -> dict[str, Any]:
    """Return hits and misses of all public reads together, and of each layer; rates in percent.

    A read is a hit if it was not made anew, whichever layer it came from.
    """
    counted, standing = read_meters()
    readings = {reading.host: reading for reading in Reading.objects.all()}
    uses = _uses(counted_ever(readings, counted, now))
    hits, misses = uses.pop("all")
    cache: Any = caches["default"]
    local = standing.get("cached_items", 0) + elsewhere(readings, now, "cached_items")
    return {
        **_rated(hits, misses),
        "cached_items": cache.count_entries() if settings.REDIS_URL else int(local),
        "layers": [{"name": name, **_rated(*counts)} for name, counts in uses.items()],
    }


def _uses(tally: Tally) -> dict[str, tuple[int, int]]:
    """Hits and misses by layer, and of all reads."""
    made, served = 0.0, 0.0
    found: dict[str, list[float]] = {READY: [0, 0], READS: [0, 0], DEFAULT: [0, 0]}
    for (subject, measure, detail), number in tally.items():
        if measure == "origin" and detail == "made":
            made += number
        elif measure == "origin":
            served += number
        elif measure == "operation" and detail in {"get hit", "get miss"}:
            counts = found.setdefault(subject.removeprefix("cache "), [0, 0])
            counts[detail == "get miss"] += number
    # What is ready is counted as served of its route too.
    found[READS] = [served - found[READY][0], made]
    layers = {name: (round(hits), round(misses)) for name, (hits, misses) in found.items()}
    return layers | {"all": (round(served), round(made))}


def _rated(hits: int, misses: int) -> dict[str, Any]:
    total = hits + misses
    rate = percent(hits, total)
    return {"hits": hits, "misses": misses, "hit_rate": rate, "total_requests": total}
