"""What every page about a stretch of time shows: its charts, and whether they are complete."""

from datetime import datetime, timedelta
from typing import Any

from monitoring.services.figures import endpoints_between
from monitoring.services.series import Series, series
from monitoring.services.verdicts import Verdict, verdicts
from monitoring.views.charts import charts_of
from monitoring.views.stretch import Stretch
from monitoring.views.tabs import tabs
from monitoring.views.wording import lasting

# Several samples are missing by then: nobody takes any.
STALE_AFTER = timedelta(seconds=60)


def series_of(stretch: Stretch, *, now: datetime, **asked: Any) -> Series:
    """Return the series of a page's stretch."""
    return series(start=stretch.start, end=stretch.end, now=now, host=stretch.host, **asked)


def verdicts_of(stretch: Stretch, *, now: datetime) -> list[Verdict]:
    """Return the verdicts on a page's stretch."""
    asked = {"start": stretch.start, "end": stretch.end, "host": stretch.host}
    return verdicts(endpoints_between(**asked, now=now))


def page(
    here: str, stretch: Stretch, found: Series, *, now: datetime, **charts: Any
) -> dict[str, Any]:
    """Return what the templates of such a page need."""
    is_late = bool(stretch.range) and (found.latest is None or now - found.latest > STALE_AFTER)
    return {
        "tabs": tabs(here, stretch),
        "stretch": stretch,
        "series": found,
        "charts": charts_of(found, stretch.zone, **charts),
        "is_late": is_late,
        "late_for": lasting((now - found.latest).total_seconds()) if found.latest else "",
        "now": now,
    }
