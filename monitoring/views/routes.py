"""Endpoints against their budgets; and one endpoint alone, by its name."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.budgets import BUDGETS
from monitoring.meters import SECONDS
from monitoring.services.series import Series
from monitoring.views.charts import POINTS
from monitoring.views.over_time import page, series_of, verdicts_of
from monitoring.views.rows import part_names, row_of
from monitoring.views.stretch import stretch_of
from monitoring.views.tabs import tabs
from monitoring.views.wording import written
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import staff_required


@require_safe
@staff_required
def show_routes(request: HttpRequest) -> HttpResponse:
    """Every endpoint that was asked, the worst first; with `name`, that one."""
    now = clock.now()
    if name := request.GET.get("name"):
        return _show_route(request, name, now)
    stretch = stretch_of(request, now=now, keep=("q",))
    words = request.GET.get("q", "").lower().split()
    found = verdicts_of(stretch, now=now)
    context = {
        "tabs": tabs("routes", stretch),
        "stretch": stretch,
        "now": now,
        "part_names": part_names(),
        "rows": [
            row_of(one) for one in found if all(word in one.endpoint.name.lower() for word in words)
        ],
        "asked": len(found),
        "q": request.GET.get("q", ""),
    }
    return render(request, "monitoring/routes.html", context)


def _show_route(request: HttpRequest, name: str, now: datetime) -> HttpResponse:
    stretch = stretch_of(request, now=now, keep=("name",))
    found = series_of(stretch, now=now, route=name, points=POINTS)
    budget = BUDGETS.get(name)
    if budget is None and not found.requests:
        raise Http404
    judged = verdicts_of(stretch, now=now)
    context = {
        "name": name,
        "row": next((row_of(one) for one in judged if one.endpoint.name == name), None),
        "histogram": _histogram(found),
        "statuses": [(status, round(number)) for status, number in found.statuses.items()],
    }
    context |= page("routes", stretch, found, now=now, budget=budget)
    return render(request, "monitoring/route.html", context)


def _histogram(found: Series) -> list[dict[str, Any]]:
    """How many answers took how long, without the empty ends."""
    counts = {float(bound): number for bound, number in found.seconds.items()}
    bounds = [(0.0, SECONDS[0]), *pairwise(SECONDS), (SECONDS[-1], float("inf"))]
    rows = [
        {
            "from": written(lower * 1000),
            "to": written(upper * 1000, "ms") if upper <= SECONDS[-1] else "",
            "count": round(counts.get(upper, 0)),
        }
        for lower, upper in bounds
    ]
    used = [number for number, row in enumerate(rows) if row["count"]]
    return rows[used[0] : used[-1] + 1] if used else []
