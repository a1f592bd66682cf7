"""Numbers as a page writes them: as many digits as one reads, by the reader's language."""

import math

from django.utils.formats import number_format

NOTHING = "–"
BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1))
SECONDS = ((86_400, "d"), (3600, "h"), (60, "min"))


def written(value: float | None, unit: str = "") -> str:
    """Return `12.3 ms`, `4,512`, `99.95 %`; a dash where nothing was measured."""
    if value is None:
        return NOTHING
    if unit == "B":
        unit, size = next((name, size) for name, size in BYTES if value >= size or size == 1)
        value /= size
    text = number_format(value, _decimals(value), force_grouping=True)
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def _decimals(value: float) -> int:
    """Three digits that tell something, and none of a whole number."""
    if value == round(value):
        return 0
    return max(0, min(3, 2 - math.floor(math.log10(abs(value)))))


def lasting(seconds: float) -> str:
    """Return `3 d 4 h`, `12 min`, `8 s`: the two largest units."""
    parts, left = [], round(seconds)
    for size, unit in SECONDS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}\N{NO-BREAK SPACE}{unit}")
    if left or not parts:
        parts.append(f"{left}\N{NO-BREAK SPACE}s")
    return " ".join(parts[:2])
