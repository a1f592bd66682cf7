"""Components about time: a moment, a countdown, a timeline, days and times to choose from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.utils import timezone
from django.utils.translation import get_language

from softfactory.kernel.components.library import register

# CLDR's skeletons: what is shown; the locale decides in which order and with which words.
SKELETONS = {
    "datetime": "MMMEd Hm",
    "date": "yMMMEd",
    "time": "Hm",
    "full": "yMMMMEEEEd Hm",
}


class Entry(TypedDict):
    """A step of a timeline."""

    label: str
    state: Literal["done", "current", "todo", "stopped"]
    at: NotRequired[datetime | None]
    zone: NotRequired[str]
    note: NotRequired[str]


class Day(TypedDict):
    """A day that can be chosen; `free` counts its times, None if nobody counted.

    One that has none is full, or `too_soon`.
    """

    date: date
    href: str
    current: NotRequired[bool]
    free: NotRequired[int | None]
    too_soon: NotRequired[bool]


class Time(TypedDict):
    """A time that can be chosen: by a link if it has an `href`, else in a form."""

    value: str
    label: str
    note: NotRequired[str]
    disabled: NotRequired[bool]
    href: NotRequired[str]


@register.inclusion_tag("components/moment.html")
def moment(
    at: datetime,
    zone: str = "",
    style: Literal["datetime", "date", "time", "full"] = "datetime",
) -> dict[str, Any]:
    """An instant as a clock in `zone` shows it; the visitor's own time is added by script."""
    local = timezone.localtime(at, ZoneInfo(zone) if zone else None)
    return {"at": at, "zone": zone, "style": style, "text": written(local, style)}


def written(local: datetime, style: str) -> str:
    """Return a local time in the active language: `Thu, 4 Mar 18:00`, `3월 4일 (목) 18:00`."""
    parts = SKELETONS[style].split()
    return " ".join(format_skeleton(part, local, locale=date_locale()) for part in parts)


def date_locale() -> str:
    """Return the locale whose dates the active language uses; English ones put the day first."""
    language = (get_language() or "en").replace("-", "_")
    return "en_GB" if language == "en" else language


@register.inclusion_tag("components/countdown.html")
def countdown(until: datetime, zone: str = "") -> dict[str, Any]:
    """Until when something lasts; script shows the time that is left."""
    local = timezone.localtime(until, ZoneInfo(zone) if zone else None)
    return {"until": until, "text": written(local, "time")}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Sequence[Entry]) -> dict[str, Any]:
    """What has happened, what is now, what comes."""
    return {"entries": entries}


@register.inclusion_tag("components/date_strip.html")
def date_strip(days: Sequence[Day], label: str = "") -> dict[str, Any]:
    """Days in a row, each a link to its times; a full day is none."""
    locale = date_locale()
    shown = [
        {
            **day,
            "weekday": format_date(day["date"], "EEE", locale=locale),
            "month": format_date(day["date"], "LLL", locale=locale),
            "full_name": format_skeleton("MMMMEEEEd", day["date"], locale=locale),
            "is_full": day.get("free") == 0,
        }
        for day in days
    ]
    return {"days": shown, "label": label}


@register.inclusion_tag("components/time_chips.html")
def time_chips(
    times: Sequence[Time], name: str = "starts_at", selected: str = "", label: str = ""
) -> dict[str, Any]:
    """The times that are really free, to choose one."""
    return {"times": times, "name": name, "selected": selected, "label": label}
