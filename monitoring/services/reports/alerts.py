"""The part about alerts: what fired in the last days, and for how long."""

from collections import Counter
from datetime import datetime, timedelta

from monitoring.models import Alert
from monitoring.services.reports.document import Part, Table

MOST_ALERTS = 50


def part(*, now: datetime, days: int) -> Part:
    """Return the chapter on the alerts of the last days."""
    fired = Alert.objects.fired_since(now - timedelta(days=days)).with_rule().newest_first()
    alerts = list(fired)
    chapter = Part("Alerts")
    if not alerts:
        chapter.text.append(f"None fired in {days} days.")
        return chapter
    often = Counter(str(alert.rule) for alert in alerts).most_common(3)
    said = ", ".join(f"{name} {times} ×" for name, times in often)
    chapter.text.append(f"{len(alerts)} in {days} days, most often: {said}.")
    heads = ("alert", "severity", "fired (UTC)", "minutes", "threshold", "worst")
    rows = [
        (
            str(alert.rule),
            str(alert.rule.severity),
            f"{alert.fired_at:%Y-%m-%d %H:%M}",
            "fires" if alert.minutes is None else str(alert.minutes),
            alert.written(alert.threshold),
            alert.written(alert.worst_value),
        )
        for alert in alerts[:MOST_ALERTS]
    ]
    chapter.tables.append(Table(heads, rows, names=2))
    return chapter
