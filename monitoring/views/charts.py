"""The charts of a page: their lines, drawn small for who has no script, and as tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from monitoring.budgets import TARGETS, Budget
from monitoring.services.series import Series
from monitoring.views.wording import written
from softfactory.kernel.components.times import written as written_time

#: So many steps a page shows by itself; script fetches more.
POINTS = 30
WIDTH, HEIGHT = 600, 120


class Line(NamedTuple):
    """A column of the series, and what it is called."""

    name: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over one axis; `target` is drawn as a line that is to stay below (or above) them."""

    name: str
    title: str | Promise
    unit: str
    lines: tuple[Line, ...]
    target: float | None = None
    series: Series | None = None
    zone: ZoneInfo | None = None

    @property
    def is_drawn(self) -> bool:
        return any(value is not None for line in self.lines for value in self._values(line))

    @property
    def legend(self) -> list[dict[str, object]]:
        """Each line with its figure of the whole stretch."""
        whole = self.series.whole if self.series else {}
        return [
            {
                "name": line.name,
                "label": line.label,
                "number": number,
                "value": written(whole.get(line.name), self.unit),
            }
            for number, line in enumerate(self.lines, 1)
        ]

    @property
    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """A row of the table for each step: when it began, and its values."""
        columns = [self._values(line) for line in self.lines]
        for at, *values in zip(self._column("at"), *columns, strict=True):
            begun = datetime.fromtimestamp(at or 0, UTC).astimezone(self.zone)
            yield written_time(begun, "datetime"), [written(value, self.unit) for value in values]

    @property
    def drawings(self) -> list[dict[str, object]]:
        """Each line as the paths of a small drawing; a gap parts them."""
        return [
            {"number": number, "path": self._path(self._values(line))}
            for number, line in enumerate(self.lines, 1)
        ]

    @property
    def target_height(self) -> float | None:
        """Where the target lies in the drawing, from above."""
        return None if self.target is None else self._height(self.target)

    @property
    def target_written(self) -> str:
        return written(self.target, self.unit)

    def _path(self, values: list[float | None]) -> str:
        start, end = self.series.start.timestamp(), self.series.end.timestamp()  # type: ignore[union-attr]
        path, is_down = [], False
        for at, value in zip(self._column("at"), values, strict=True):
            if value is not None:
                x = max(((at or 0) - start) / (end - start), 0) * WIDTH
                path.append(f"{'L' if is_down else 'M'}{x:.1f} {self._height(value):.1f}")
                if not is_down:
                    path.append("h2")  # a single point is seen, too
            is_down = value is not None
        return "".join(path)

    def _height(self, value: float) -> float:
        return HEIGHT - min(value / self.highest, 1) * (HEIGHT - 4) - 2

    @property
    def highest(self) -> float:
        """The top of the axis: the highest value, or the target."""
        values = [value for line in self.lines for value in self._values(line) if value is not None]
        return max([*values, self.target or 0]) or 1

    @property
    def highest_written(self) -> str:
        return written(self.highest, self.unit)

    def _values(self, line: Line) -> list[float | None]:
        return self._column(line.name)

    def _column(self, name: str) -> list[float | None]:
        return self.series.columns.get(name, []) if self.series else []


TIMES = (Line("p50", "p50"), Line("p95", "p95"), Line("p99", "p99"))


REQUESTS = (Line("requests_per_second", pgettext_lazy("web", "answered")),)


def charts_of(found: Series, zone: ZoneInfo, budget: Budget | None = None) -> list[Chart]:
    """Return the charts of the site, or with an endpoint's budget those of an endpoint."""
    made = [
        ("latency", _("Response time"), "ms", TIMES, budget.p95_ms if budget else TARGETS.p95_ms),
        ("throughput", pgettext_lazy("web", "Requests"), "/s", REQUESTS, None),
        (
            "errors",
            _("Errors"),
            "%",
            (Line("error_rate", _("our failure, 5xx")), Line("refused_rate", _("refused, 4xx"))),
            TARGETS.error_rate,
        ),
        (
            "cache",
            _("Cache hit rate"),
            "%",
            (Line("hit_rate", _("served as kept")),),
            budget.hit_rate if budget else TARGETS.hit_rate,
        ),
        (
            "queries",
            _("Queries per request"),
            "",
            (Line("queries", _("average")),),
            budget.queries if budget else None,
        ),
        ("database", _("Database per request"), "ms", (Line("database_ms", _("average")),), None),
        (
            "query-time",
            _("Time of a query"),
            "ms",
            (Line("query_avg", _("average")), Line("query_p95", "p95")),
            TARGETS.query_ms,
        ),
        ("memory", _("Memory"), "MB", (Line("memory_mb", _("all processes")),), TARGETS.memory_mb),
        ("processor", _("Processor"), "%", (Line("cpu_percent", _("all processes")),), None),
    ]
    return [
        Chart(name, title, unit, lines, target, found, zone)
        for name, title, unit, lines, target in made
        if lines[0].name in found.columns
    ]
