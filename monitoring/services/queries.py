"""Slow and repeated queries: added up by what they ask, whatever the values."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest

from monitoring.models import RepeatedQuery, SlowQuery
from monitoring.querysets import RepeatedQueryQuerySet, SlowQueryQuerySet
from softfactory.kernel.trace import REPEATED

FORGOTTEN = timedelta(days=30)

# What asks for rows or writes them: a savepoint's name is its own, each time another. silk's own
# are nobody's to mend.
STATEMENT = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b(?!.*\bsilk_)", re.IGNORECASE | re.DOTALL
)
LIST_OF_PLACES = re.compile(r"%s(?:\s*,\s*%s)+")
LIST_OF_ROWS = re.compile(r"(\(%s…?\))(?:\s*,\s*\(%s…?\))+")
NUMBER = re.compile(r"\b(LIMIT|OFFSET) \d+")


def fingerprint(sql: str) -> str:
    """Return the same for statements that differ in how many values they take alone."""
    shape = NUMBER.sub(r"\1 N", LIST_OF_PLACES.sub("%s…", " ".join(sql.split())))
    return blake2b(LIST_OF_ROWS.sub(r"\1", shape).encode(), digest_size=16).hexdigest()


def slow_queries() -> SlowQueryQuerySet:
    """Return the slow queries with plan and code line, those first that took the most time."""
    return SlowQuery.objects.worst_first()


def suspects() -> RepeatedQueryQuerySet:
    """Return what looks like an N+1: a query that one request asked five times and more."""
    return RepeatedQuery.objects.worst_first()


def note_queries(requests: Iterable[Any]) -> None:
    """Add up the slow and the repeated queries of these requests (see `stories.Told`)."""
    slow: dict[str, dict[str, Any]] = {}
    repeated: dict[tuple[str, str], dict[str, Any]] = {}
    for told in requests:
        times: defaultdict[str, int] = defaultdict(int)
        for query in told.queries:
            if query.sql not in told.places or not STATEMENT.match(query.sql):
                continue
            times[query.sql] += 1
            ms = query.seconds * 1000
            if ms >= settings.SLOW_QUERY_MS:
                _add_slow(slow, told, query.sql, ms)
        for sql, number in times.items():
            if number >= REPEATED:
                _add_repeated(repeated, told, sql, number)
    for key in sorted(slow):
        _write_slow(key, slow[key])
    for key, route in sorted(repeated):
        _write_repeated(key, route, repeated[key, route])


def _seen(told: Any, sql: str) -> dict[str, Any]:
    return {"sql": sql, "place": told.places[sql][:200], "last_seen": told.instant}


def _add_slow(slow: dict[str, dict[str, Any]], told: Any, sql: str, ms: float) -> None:
    known = slow.setdefault(fingerprint(sql), {"count": 0, "total_ms": 0.0, "max_ms": 0.0})
    known |= _seen(told, sql) | {"route": told.route[:200], "count": known["count"] + 1}
    known["total_ms"] += ms
    known["max_ms"] = max(known["max_ms"], ms)


def _add_repeated(
    repeated: dict[tuple[str, str], dict[str, Any]], told: Any, sql: str, number: int
) -> None:
    key = fingerprint(sql), told.route[:200]
    known = repeated.setdefault(key, {"requests": 0, "most": 0})
    known |= _seen(told, sql) | {"requests": known["requests"] + 1}
    known["most"] = max(known["most"], number)


def _write_slow(key: str, found: dict[str, Any]) -> None:
    SlowQuery.objects.bulk_create(
        [SlowQuery(fingerprint=key, **found | {"count": 0, "total_ms": 0.0})], ignore_conflicts=True
    )
    SlowQuery.objects.filter(pk=key).update(
        **found
        | {
            "count": F("count") + found["count"],
            "total_ms": F("total_ms") + found["total_ms"],
            "max_ms": Greatest("max_ms", found["max_ms"]),
        }
    )


def _write_repeated(key: str, route: str, found: dict[str, Any]) -> None:
    RepeatedQuery.objects.bulk_create(
        [RepeatedQuery(fingerprint=key, route=route, **found | {"requests": 0})],
        ignore_conflicts=True,
    )
    RepeatedQuery.objects.filter(fingerprint=key, route=route).update(
        **found
        | {
            "requests": F("requests") + found["requests"],
            "most": Greatest("most", found["most"]),
        }
    )


def forget_old_queries(now: datetime) -> int:
    """Delete the slow and repeated queries that were not seen for 30 days; return how many."""
    before = now - FORGOTTEN
    slow, _by_model = SlowQuery.objects.unseen_since(before).delete()
    repeated, _by_model = RepeatedQuery.objects.unseen_since(before).delete()
    return slow + repeated
