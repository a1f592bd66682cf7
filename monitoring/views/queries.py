"""Slow queries with their plans, and queries that one request asks again and again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.services.queries import slow_queries, suspects
from monitoring.views.tabs import tabs
from monitoring.views.wording import written
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import staff_required

MOST = 25


@require_safe
@staff_required
def show_queries(request: HttpRequest) -> HttpResponse:
    """The slow ones that took the most time together, then those that look like an N+1."""
    context = {
        "tabs": tabs("queries"),
        "now": clock.now(),
        "zone": request.user.timezone,
        "slow": [
            {
                "row": one,
                "total": written(one.total_ms, "ms"),
                "mean": written(one.total_ms / max(one.count, 1), "ms"),
                "longest": written(one.max_ms, "ms"),
            }
            for one in slow_queries()[:MOST]
        ],
        "suspects": suspects()[:MOST],
    }
    return render(request, "monitoring/queries.html", context)
