"""The first page: what is wrong, the figures against the targets, and how they went."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from monitoring.budgets import TARGETS
from monitoring.models import Alert
from monitoring.services.alerts.watch import (
    evaluated_at,
    is_covered,
    open_alerts,
    silences_at,
)
from monitoring.services.invariants import violations
from monitoring.services.series import Point
from monitoring.services.tasks import queue
from monitoring.views.charts import POINTS
from monitoring.views.over_time import page, series_of, verdicts_of
from monitoring.views.rows import part_names, row_of
from monitoring.views.stretch import stretch_of
from monitoring.views.wording import lasting, written
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import staff_required

WORST = 8
# As the alert for it, which the site comes with.
LONGEST_WAIT = 300


@require_safe
@staff_required
def show_overview(request: HttpRequest) -> HttpResponse:
    """All of it at a glance, for the stretch that the address names."""
    now = clock.now()
    stretch = stretch_of(request, now=now)
    found = series_of(stretch, now=now, points=POINTS)
    last = evaluated_at()
    context = {
        "alerts": _alerts(last, now),
        "judged": lasting((now - last).total_seconds()) if last else "",
        "headlines": _headlines(found.whole, queue(now=now)),
        "rows": [row_of(one) for one in verdicts_of(stretch, now=now)[:WORST]],
        "part_names": part_names(),
        "violated": [name for name, number in violations().items() if number],
    }
    return render(
        request, "monitoring/overview.html", context | page("overview", stretch, found, now=now)
    )


def _alerts(last: datetime | None, now: datetime) -> list[dict[str, Any]]:
    silences = silences_at(now)
    return [
        {
            "rule": alert.rule,
            "value": alert.written(alert.last_value),
            "threshold": alert.written(alert.threshold),
            "is_firing": alert.state == Alert.State.FIRING,
            "is_silenced": alert.pk is not None and is_covered(alert, silences, now=now),
            "is_own_silence": alert.pk is None,
            "lasting": lasting((now - alert.opened_at).total_seconds()),
        }
        for alert in open_alerts(Alert.objects.all(), last=last, now=now)
    ]


def _headlines(whole: Point, tasks: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _most(_("Response time, average"), whole["avg"], TARGETS.average_ms, "ms"),
        _most(_("Response time, p95"), whole["p95"], TARGETS.p95_ms, "ms"),
        _most(_("Error rate"), whole["error_rate"], TARGETS.error_rate, "%"),
        {
            "label": pgettext("web", "Requests"),
            "value": written(whole["requests_per_second"], "/s"),
        },
        {"label": _("Queries per request"), "value": written(whole["queries"])},
        _most(_("Time of a query"), whole["query_avg"], TARGETS.query_ms, "ms"),
        _least(_("Cache hit rate"), whole["hit_rate"], TARGETS.hit_rate, "%"),
        _most(_("Memory, highest"), whole["memory_mb"], TARGETS.memory_mb, "MB"),
        _most(_("Oldest waiting task, now"), tasks["oldest_seconds"], LONGEST_WAIT, "s"),
    ]


def _most(label: str, value: float | None, most: float, unit: str) -> dict[str, Any]:
    target = _("at most %(target)s") % {"target": written(most, unit)}
    is_good = None if value is None else value <= most
    return {"label": label, "value": written(value, unit), "target": target, "is_good": is_good}


def _least(label: str, value: float | None, least: float, unit: str) -> dict[str, Any]:
    target = _("at least %(target)s") % {"target": written(least, unit)}
    is_good = None if value is None else value >= least
    return {"label": label, "value": written(value, unit), "target": target, "is_good": is_good}
