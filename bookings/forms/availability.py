"""What a chef's owner fills in about when the chef works."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.visits import day_field
from bookings.forms.windows import HOURS_HINT, HoursField, Minutes, hours_text
from bookings.models.availability import MOST_EXCEPTIONS
from bookings.models.booking import LONGEST_HOURS
from bookings.models.chef import (
    FASTEST_KMH,
    FURTHEST_KM,
    MAX_BUFFER_MINUTES,
    MAX_HORIZON_DAYS,
    MOST_PER_DAY,
)
from bookings.slots import DatedWindow, Place, Schedule, Travel, WeeklyWindow
from softfactory.kernel.components.times import date_locale
from softfactory.kernel.forms import CheckChips, Combobox
from softfactory.kernel.zones import validate_zone, zone_names

HOUR, DAY = 60, timedelta(days=1)
LONGEST_OFFERED = 12  # hours that have a chip of their own
FREE_ROWS = 2
MOST_ROWS = 60


class Stretch(forms.Form):
    """Dates in a row that differ: closed (a holiday), or with hours of their own."""

    first = day_field(label=_("From"), required=False)
    last = day_field(label=_("To, included"), required=False)
    hours = HoursField(
        label=_("Hours"), widget=forms.TextInput({"placeholder": _("Not on that day")})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is None and (last is not None or cleaned.get("hours")):
            self.add_error("first", _("Say from which date."))
        elif first and last and last < first:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and (last - first).days >= MOST_EXCEPTIONS:
            self.add_error("last", _("This is too long."))
        return cleaned

    def rows(self) -> Iterator[DatedWindow]:
        """Yield a row for each date and window."""
        first = self.cleaned_data.get("first")
        if first is None:
            return
        last = self.cleaned_data.get("last") or first
        for number in range((last - first).days + 1):
            for starts, ends in self.cleaned_data["hours"] or [(None, None)]:
                yield DatedWindow(first + number * DAY, starts, ends)


class LookForm(forms.Form):
    """Which day an owner looks at as customers see it, and which time they ask about."""

    look_day = day_field(label=_("Day"), required=False)
    look_hours = forms.IntegerField(
        label=_("Hours"), required=False, min_value=1, max_value=LONGEST_HOURS
    )
    look_at = forms.TimeField(
        label=_("Why is this time not offered?"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900}),
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data or {})
        for field in self.fields.values():
            field.widget.attrs["form"] = "availability"


class AvailabilityForm(forms.Form):
    """A chef's weekly hours, the dates that differ, and the rules."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    timezone = forms.CharField(
        label=_("Time zone"),
        widget=Combobox(lambda: sorted(zone_names())),
        validators=[validate_zone],
    )
    durations = forms.TypedMultipleChoiceField(
        label=_("One can book you for, in hours"),
        coerce=int,
        choices=[(hours, str(hours)) for hours in range(1, LONGEST_OFFERED + 1)],
        widget=CheckChips(),
    )
    step = forms.TypedChoiceField(
        label=_("Visits begin every"),
        coerce=int,
        choices=[
            (15, _("15 minutes")),
            (30, _("30 minutes")),
            (60, _("hour")),
            (120, _("two hours")),
        ],
    )
    buffer_before = forms.IntegerField(
        label=_("Minutes kept free before a visit"), min_value=0, max_value=MAX_BUFFER_MINUTES
    )
    buffer_after = forms.IntegerField(
        label=_("Minutes kept free after a visit"), min_value=0, max_value=MAX_BUFFER_MINUTES
    )
    notice_hours = forms.IntegerField(
        label=_("Hours of notice, at least"), min_value=0, max_value=MAX_HORIZON_DAYS * 24
    )
    horizon_days = forms.IntegerField(
        label=_("Days ahead, at most"), min_value=1, max_value=MAX_HORIZON_DAYS
    )
    per_day = forms.IntegerField(
        label=_("Bookings a day, at most"),
        help_text=_("Empty: as many as fit."),
        required=False,
        min_value=1,
        max_value=MOST_PER_DAY,
    )
    travel_kmh = forms.IntegerField(
        label=_("Kilometres an hour on the way"),
        help_text=_("Then the way to a visit is kept free. Empty: it is not."),
        required=False,
        min_value=1,
        max_value=FASTEST_KMH,
    )
    travel_most_km = forms.IntegerField(
        label=_("Kilometres, at most"), required=False, min_value=1, max_value=FURTHEST_KM
    )
    base_latitude = forms.FloatField(
        label=_("Latitude of your base"), required=False, min_value=-90, max_value=90
    )
    base_longitude = forms.FloatField(
        label=_("Longitude of your base"), required=False, min_value=-180, max_value=180
    )
    instant = forms.BooleanField(
        label=_("Confirm bookings at once, without asking you"), required=False
    )

    def __init__(
        self,
        schedule: Schedule,
        data: Mapping[str, Any] | None,
        *,
        version: int,
        instant: bool,
        base: Place | None = None,
    ) -> None:
        """Where a chef sets out from is `base` until they say so."""
        super().__init__(data, initial=_initial(schedule, version, instant, base))
        self._lasting = schedule
        days = get_day_names(locale=date_locale())
        for weekday in range(7):
            windows = [(row.starts, row.ends) for row in schedule.weekly if row.weekday == weekday]
            field = HoursField(label=days[weekday], initial=hours_text(windows))
            field.widget.attrs["placeholder"] = _("Not on that day")
            self.fields[f"day_{weekday}"] = field
        self._offer_what_is(schedule)
        known = _stretches(schedule)
        count = min(_rows_sent(data), MOST_ROWS) if data else len(known) + FREE_ROWS
        self.stretches = [
            Stretch(data, prefix=f"dates_{n}", initial=known[n] if n < len(known) else None)
            for n in range(count)
        ]

    hours_hint = HOURS_HINT

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the weekdays."""
        return [self[f"day_{weekday}"] for weekday in range(7)]

    @property
    def schedule(self) -> Schedule:
        """What was filled in."""
        get = self.cleaned_data
        weekly = [
            WeeklyWindow(weekday, starts, ends)
            for weekday in range(7)
            for starts, ends in get[f"day_{weekday}"]
        ]
        return Schedule(
            zone=ZoneInfo(get["timezone"]),
            weekly=tuple(weekly),
            dated=tuple(row for stretch in self.stretches for row in stretch.rows()),
            buffer_before=get["buffer_before"],
            buffer_after=get["buffer_after"],
            minimum_notice=_notice(self._lasting, get["notice_hours"]),
            horizon_days=get["horizon_days"],
            durations=tuple(sorted(get["durations"])),
            step=get["step"],
            per_day=get["per_day"],
            travel=self._travel(),
        )

    def _travel(self) -> Travel | None:
        get = self.cleaned_data
        if not get["travel_kmh"]:
            return None
        base = get["base_latitude"], get["base_longitude"]
        return Travel(*base, get["travel_kmh"], get["travel_most_km"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        base = cleaned.get("base_latitude"), cleaned.get("base_longitude")
        if cleaned.get("travel_kmh") and None in base:
            self.add_error("base_latitude", _("Say from where you set out."))
        for name in ("buffer_before", "buffer_after"):
            if (cleaned.get(name) or 0) % 15:
                self.add_error(name, _("Buffers are whole quarter hours."))
        wrong = [stretch for stretch in self.stretches if not stretch.is_valid()]
        if wrong:
            self.add_error(None, _("Look at the dates that differ: something is wrong there."))
            return cleaned
        rows = [row for stretch in self.stretches for row in stretch.rows()]
        dates = [{row.date for row in stretch.rows()} for stretch in self.stretches]
        if sum(map(len, dates)) > len(set().union(*dates)):
            self.add_error(None, _("Two stretches of dates that differ share a date."))
        elif len(rows) > MOST_EXCEPTIONS:
            self.add_error(None, _("These are too many dates that differ."))
        return cleaned

    def _offer_what_is(self, schedule: Schedule) -> None:
        """Let a step or a length that was set by the API stay."""
        steps: Any = self.fields["step"]
        if schedule.step not in dict(steps.choices):
            steps.choices = [*steps.choices, (schedule.step, str(schedule.step))]
        lengths: Any = self.fields["durations"]
        longer = [hours for hours in schedule.durations if LONGEST_OFFERED < hours <= LONGEST_HOURS]
        lengths.choices = [*lengths.choices, *((hours, str(hours)) for hours in longer)]


def _rows_sent(data: Mapping[str, Any]) -> int:
    numbers = (name.split("-")[0].removeprefix("dates_") for name in data if "dates_" in name)
    return max((int(n) + 1 for n in numbers if n.isdecimal() and len(n) <= 2), default=0)


def _notice(before: Schedule, hours: int) -> int:
    """Minutes that the API set, and the page shows in whole hours, stay while those do."""
    same = before.minimum_notice // HOUR == hours
    return before.minimum_notice if same else hours * HOUR


def _initial(schedule: Schedule, version: int, instant: bool, base: Place | None) -> dict[str, Any]:
    travel = schedule.travel
    start = travel or base
    return {
        "version": version,
        "timezone": schedule.zone.key,
        "durations": list(schedule.durations),
        "step": schedule.step,
        "buffer_before": schedule.buffer_before,
        "buffer_after": schedule.buffer_after,
        "notice_hours": schedule.minimum_notice // HOUR,
        "horizon_days": schedule.horizon_days,
        "per_day": schedule.per_day,
        "instant": instant,
        "travel_kmh": travel.speed_kmh if travel else None,
        "travel_most_km": travel.most_km if travel else None,
        "base_latitude": start.latitude if start else None,
        "base_longitude": start.longitude if start else None,
    }


def _stretches(schedule: Schedule) -> list[dict[str, Any]]:
    """The dates that differ; those in a row that do so alike are one stretch."""
    by_date: dict[date, list[Minutes]] = {}
    for row in sorted(schedule.dated, key=lambda row: (row.date, row.starts or 0)):
        windows = by_date.setdefault(row.date, [])
        if row.starts is not None and row.ends is not None:
            windows.append((row.starts, row.ends))
    alike = groupby(
        enumerate(by_date.items()), lambda part: (part[1][0] - part[0] * DAY, part[1][1])
    )
    found = []
    for (_start, windows), members in alike:
        dates = [day for _number, (day, _windows) in members]
        found.append({"first": dates[0], "last": dates[-1], "hours": hours_text(windows)})
    return found
