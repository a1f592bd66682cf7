"""Charts as SVG: drawn here, so that a report needs no script and shows in any browser or mail."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from monitoring.services.reports.document import Bars, Chart
from monitoring.services.reports.numbers import number

WIDTH, HEIGHT = 560, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 28
ROW = 30
# Seconds: shorter stretches tell seconds, longer ones dates.
SHORT, LONG = 600, 36 * 3600


def svg(figure: Chart | Bars) -> SafeString:
    """Return a figure as an `<svg>`, whose colours are those of the page around it."""
    return _bars(figure) if isinstance(figure, Bars) else _lines(figure)


def _lines(chart: Chart) -> SafeString:
    points = [point for series in chart.series for point in series.points]
    if not points:
        return SafeString("<p>Nothing was measured.</p>")
    first, last = min(x for x, _y in points), max(x for x, _y in points)
    top = _round_up(max([*(y for _x, y in points), chart.limit or 0]))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - first) / (last - first) if last > first else 0.5
        return (
            round(LEFT + across * (WIDTH - LEFT - RIGHT), 1),
            round(HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM), 1),
        )

    drawn = []
    for level in (0, top / 2, top):
        _x, y = place(first, level)
        drawn.append(
            format_html(
                '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                '<text class="at" x="{}" y="{}" text-anchor="end">{}</text>',
                *(LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, number(level)),
            )
        )
    ends = {first: "start", (first + last) / 2: "middle", last: "end"}
    for x, anchor in ends.items() if last > first else [(first, "middle")]:
        at, _y = place(x, 0)
        said = _at(x, last - first, chart.across)
        drawn.append(
            format_html(
                '<text class="at" x="{}" y="{}" text-anchor="{}">{}</text>',
                *(at, HEIGHT - 8, anchor, said),
            )
        )
    if chart.limit is not None:
        _x, y = place(first, chart.limit)
        drawn.append(
            format_html(
                '<line class="limit" x1="{}" x2="{}" y1="{}" y2="{}"/>',
                *(LEFT, WIDTH - RIGHT, y, y),
            )
        )
    for index, series in enumerate(chart.series, start=1):
        places = [place(*point) for point in series.points]
        text = " ".join(f"{x},{y}" for x, y in places)
        drawn.append(format_html('<polyline class="line line-{}" points="{}"/>', index, text))
        if len(places) <= 12:
            drawn.append(
                format_html_join(
                    "", '<circle class="dot line-{}" cx="{}" cy="{}" r="3"/>', _dots(index, places)
                )
            )
    return _whole(chart.title, HEIGHT, drawn)


def _dots(index: int, places: list[tuple[float, float]]) -> Iterator[tuple]:
    return ((index, x, y) for x, y in places)


def _bars(bars: Bars) -> SafeString:
    longest = max((share for _name, share, _shown in bars.rows), default=1.0) or 1.0
    drawn = []
    for index, (name, share, shown) in enumerate(bars.rows):
        y = index * ROW
        width = round(max(share / longest * (WIDTH - LEFT - RIGHT), 2), 1)
        drawn.append(
            format_html(
                '<text class="at" x="{}" y="{}" text-anchor="end">{}</text>'
                '<text class="name" x="{}" y="{}">{}</text>'
                '<rect class="bar" x="{}" y="{}" width="{}" height="6" rx="3"/>',
                *(LEFT - 8, y + 22, shown, LEFT, y + 13, name, LEFT, y + 18, width),
            )
        )
    return _whole(bars.title, ROW * len(bars.rows) + 4, drawn)


def _whole(title: str, height: int, drawn: list[SafeString]) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        *(WIDTH, height, title, format_html_join("", "{}", ((one,) for one in drawn))),
    )


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 5, 8, 10 times a power of ten."""
    power = 1.0
    while power * 10 < value:
        power *= 10
    while power > value > 0:
        power /= 10
    return next((power * step for step in (1, 2, 4, 5, 8, 10) if power * step >= value), 1.0) or 1.0


def _at(x: float, span: float, across: str) -> str:
    if across:
        return f"{number(round(x))} {across}"
    form = "%d %b" if span > LONG else "%H:%M" if span > SHORT else "%H:%M:%S"
    return f"{datetime.fromtimestamp(x, UTC):{form}}"
