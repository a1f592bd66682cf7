"""The metrics as one answer: what the site did in the last 5 minutes, and what stands now."""

from datetime import datetime
from typing import Any

from monitoring.budgets import BUDGETS, TARGETS
from monitoring.models import Alert
from monitoring.services.alerts.watch import evaluated_at, open_alerts
from monitoring.services.figures import EndpointFigures, Figures, figures
from monitoring.services.invariants import violations
from monitoring.services.tasks import queue


def metrics(*, now: datetime) -> dict[str, Any]:
    """Return it all: times in ms, rates in percent, `count` since the servers started."""
    found = figures(now=now)
    return {
        "window_seconds": round(found.seconds, 1),
        "requests": found.requests,
        "response_time": found.response_time,
        "error_rate": found.error_rate,
        "requests_per_second": round(found.requests_per_second, 2),
        "requests_in_flight": found.in_flight,
        "db_query_time": found.db_query_time,
        "queries_per_request": {
            "avg": None if found.queries is None else round(found.queries, 2),
            "max": found.most_queries,
        },
        "memory_usage": round(found.memory_mb, 1),
        "cache_stats": cache_stats(found),
        "endpoints": [_endpoint(one) for one in found.endpoints],
        "tasks": queue(now=now),
        "invariants": violations(),
        "alerts": open_alerts(Alert.objects.all(), last=evaluated_at(), now=now),
        "collected_at": now,
    }


def cache_stats(found: Figures) -> dict[str, Any]:
    """Return how often cached reads were served as kept, and how each cache below them is used."""
    return {
        "hits": found.hits,
        "misses": found.misses,
        "hit_rate": found.cache_hit_rate,
        "caches": found.caches,
    }


def _endpoint(one: EndpointFigures) -> dict[str, Any]:
    budget = BUDGETS.get(one.name)
    return {
        "route": one.route,
        "method": one.method,
        "count": one.total,
        "recent": one.count,
        "avg": one.avg,
        "p50": one.p50,
        "p95": one.p95,
        "p99": one.p99,
        "errors": one.errors,
        "queries": one.queries,
        "bytes": one.bytes,
        "hit_rate": one.hit_rate,
        "budget": budget._asdict() if budget else None,
    }


def budgets(*, now: datetime) -> dict[str, Any]:
    """Return the targets of the whole site, and each endpoint's budget beside what it used."""
    measured = {one.name: one for one in figures(now=now).endpoints}
    return {
        "targets": TARGETS._asdict(),
        "budgets": [
            {"name": name, **budget._asdict(), **_verdict(name, measured.get(name))}
            for name, budget in BUDGETS.items()
        ],
    }


def _verdict(name: str, measured: EndpointFigures | None) -> dict[str, Any]:
    """What was measured in the last 5 minutes, and which parts of the budget it exceeds."""
    if measured is None or not measured.count:
        return {"measured": None, "exceeds": []}
    budget = BUDGETS[name]
    used = {
        "average_ms": measured.avg,
        "p95_ms": measured.p95,
        "queries": measured.queries,
        "bytes": measured.bytes,
    }
    exceeds = [part for part, value in used.items() if (value or 0) > getattr(budget, part)]
    if budget.hit_rate and (measured.hit_rate or 0) < budget.hit_rate:
        exceeds.append("hit_rate")
    return {"measured": used | {"hit_rate": measured.hit_rate}, "exceeds": exceeds}
