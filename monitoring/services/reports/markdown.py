"""A report as Markdown: for a merge request, a wiki, a terminal."""

import re
from collections.abc import Iterator

from django.utils.text import capfirst

from monitoring.services.reports.document import Bars, Chart, Report, Table
from monitoring.services.reports.numbers import number

LEVELS = "▁▂▃▄▅▆▇█"
MOST_LEVELS = 48


def as_markdown(report: Report) -> str:
    """Return all of it; charts become one line of blocks each."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"# Performance of SoftFactory, {report.made_at:%Y-%m-%d %H:%M} UTC"
    rows = [(v.what, v.measured, v.target, v.word, v.source) for v in report.verdicts]
    yield _table(Table(("what", "measured", "target", "", "from"), rows))
    yield "## Next bottleneck"
    if not report.findings:
        yield "Nothing was measured that would name one."
    for number_of, finding in enumerate(report.findings, start=1):
        yield (
            f"{number_of}. **{_safe(finding.title)}.** {_safe(capfirst(finding.evidence))}"
            f" Look at: {_safe(finding.look_at)}"
        )
    for part in report.parts:
        yield f"## {_safe(part.title)}"
        yield from map(_safe, part.text)
        for figure in part.figures:
            yield _figure(figure)
        for table in part.tables:
            if table.title:
                yield f"### {_safe(table.title)}"
            yield _table(table)
    if report.missing:
        yield "## What is missing"
        yield "\n".join(f"- {_safe(one)}" for one in report.missing)


def _table(table: Table) -> str:
    sides = [":--" if index < table.names else "--:" for index in range(len(table.heads))]
    rows = [table.heads, sides, *(map(_safe, row) for row in table.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _figure(figure: Chart | Bars) -> str:
    if isinstance(figure, Bars):
        rows = [(name, shown) for name, _share, shown in figure.rows]
        return f"{_safe(figure.title)}\n\n{_table(Table(('', 'share'), rows))}"
    lines = [f"{_safe(figure.title)}, {figure.unit}", ""]
    for series in figure.series:
        values = [y for _x, y in series.points]
        if values:
            ends = f"{number(values[0])} → {number(values[-1])}, at most {number(max(values))}"
            lines.append(f"- {_safe(series.name)}: {_levels(values)} {ends}")
    return "\n".join(lines)


def _levels(values: list[float]) -> str:
    width = len(values) // MOST_LEVELS + 1
    most = [max(values[start : start + width]) for start in range(0, len(values), width)]
    top = max(most) or 1
    return "".join(LEVELS[round(value / top * (len(LEVELS) - 1))] for value in most)


def _safe(text: str) -> str:
    """The text as text: no markup of its own, and in one line."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*\[\]|])", r"\\\1", line)
