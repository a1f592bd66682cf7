"""Hours as people write them: `09:00–14:00, 17:00–01:00`."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models.availability import DAY

SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:[-–—~]|to)\s*(\d{1,2})(?::(\d\d))?")
HOUR = 60
MOST_WINDOWS = 8

type Minutes = tuple[int, int]  # from and to, minutes after midnight


def hours_text(windows: list[Minutes]) -> str:
    """Return windows as they are written in the field."""
    return ", ".join(f"{_clock(starts)}–{_clock(ends)}" for starts, ends in sorted(windows))


def _clock(minutes: int) -> str:
    return f"{minutes // HOUR:02}:{minutes % HOUR:02}"


class HoursField(forms.CharField):
    """Several windows of one day, by commas; a list of minutes after midnight inside.

    An end that is not after its start is on the next day.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)

    def clean(self, value: str) -> list[Minutes]:
        text = super().clean(value)
        windows = [_window(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
        if len(windows) > MOST_WINDOWS or len({starts for starts, _ends in windows}) < len(windows):
            raise ValidationError(_("Write each window once."))
        return sorted(windows)


def _window(text: str) -> Minutes:
    found = SPAN.fullmatch(text)
    if found is None:
        raise ValidationError(_("Write hours as in 09:00–14:00, several by commas."))
    hours = [int(part or 0) for part in found.groups()]
    starts, ends = hours[0] * HOUR + hours[1], hours[2] * HOUR + hours[3]
    if max(hours[1], hours[3]) >= HOUR or starts >= DAY or ends > DAY:
        raise ValidationError(_("A day has the hours 00:00 to 24:00."))
    if starts % 15 or ends % 15:
        raise ValidationError(_("Begin and end on a quarter hour."))
    return starts, ends


HOURS_HINT = gettext_lazy("Such as 09:00–14:00, 17:00–23:00. Empty: not on that day.")
