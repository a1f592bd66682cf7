"""Numbers as one reads them in a report."""

from datetime import UTC, datetime
from typing import Any

NONE = "–"


def number(value: float | None, unit: str = "") -> str:
    """Return a number with its unit, to three digits, thousands apart; a dash of None."""
    if value is None:
        return NONE
    digits = max(0, 2 - len(str(int(abs(value)))) + 1) if value % 1 else 0
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()


def instant(value: Any) -> str:
    """Return an RFC 3339 instant as date and time in UTC; the text itself if it is none."""
    try:
        return f"{datetime.fromisoformat(str(value)).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return str(value)
