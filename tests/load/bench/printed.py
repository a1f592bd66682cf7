"""The table that is printed."""

from collections.abc import Iterable

from tests.load.bench.comparing import Line

HEAD = ("", "ours, µs", "theirs, µs", "beside", "measured", "target", "")
LEFT = {0, 3}
VERDICTS = {True: "ok", False: "MISSED", None: ""}


def table(lines: Iterable[Line]) -> str:
    """Return the lines in columns that are as wide as they need to be."""
    rows = [HEAD, *map(_cells, lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_joined(row, widths) for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    measured = "–" if line.measured is None else f"{line.measured:.3g}"
    verdict = VERDICTS[line.passed]
    return (line.what, line.ours, line.theirs, line.against, measured, line.target, verdict)


def _joined(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        cell.ljust(width) if place in LEFT else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
