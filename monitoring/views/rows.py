"""Verdicts as rows of a table: each part of a budget as one reads it, and what is exceeded."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from monitoring.services.verdicts import Part, Verdict
from monitoring.views.wording import written

UNITS = {"average_ms": "ms", "p95_ms": "ms", "queries": "", "bytes": "B", "hit_rate": "%"}


def row_of(verdict: Verdict) -> dict[str, Any]:
    """Return what a row shows of an endpoint."""
    endpoint = verdict.endpoint
    word, tone = _state(verdict)
    return {
        "name": endpoint.name,
        "method": endpoint.method,
        "route": endpoint.route,
        "word": word,
        "tone": tone,
        "requests": written(endpoint.count),
        "errors": written(endpoint.errors),
        "has_errors": endpoint.errors > 0,
        "parts": [
            {"label": label, **_part(verdict.parts[name], UNITS[name])}
            for name, label in part_names().items()
        ],
    }


def part_names() -> dict[str, str]:
    """Return how a page calls the parts of a budget."""
    return {
        "average_ms": _("Average"),
        "p95_ms": "p95",
        "queries": _("Queries"),
        "bytes": _("Size"),
        "hit_rate": _("Hit rate"),
    }


def _state(verdict: Verdict) -> tuple[str, str]:
    if not verdict.has_budget:
        return _("No budget"), "neutral"
    if verdict.over:
        times = written(verdict.ratio) if verdict.ratio < 100 else _("over 100")
        return _("%(times)s × its budget") % {"times": times}, "danger"
    return pgettext("budget", "Within"), "positive"


def _part(part: Part, unit: str) -> dict[str, Any]:
    return {
        "value": written(part.used, unit),
        "allowed": "" if part.allowed is None else written(part.allowed, unit),
        "is_over": part.is_over,
    }
