"""What is filled in to repeat a visit: how many weeks apart, and how often."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.visits import SAYABLE
from bookings.services.repeating import FEWEST, Repeat
from softfactory.kernel.forms import Chips, Stepper

MOST_TIMES = 50


class RepeatForm(forms.Form):
    """How a visit repeats; sent from the page that shows all of its times, also those that were
    agreed to, and their price in all.
    """

    every_weeks = forms.TypedChoiceField(
        label=_("How often?"),
        coerce=int,
        choices=[
            (1, _("Every week")),
            (2, _("Every two weeks")),
            (3, _("Every three weeks")),
            (4, _("Every four weeks")),
        ],
        widget=Chips,
    )
    times = forms.IntegerField(
        label=_("How many visits?"), min_value=FEWEST, max_value=MOST_TIMES, widget=Stepper
    )
    agreed = forms.CharField(required=False, max_length=MOST_TIMES * 20, widget=forms.HiddenInput)
    total_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__({"every_weeks": "1", "times": "8", **data})

    def clean_agreed(self) -> list[datetime]:
        """The starts that were agreed to: instants, by commas."""
        parts = [part for part in self.cleaned_data["agreed"].split(",") if part]
        start = forms.DateTimeField(validators=SAYABLE)
        return [start.clean(part).astimezone(UTC) for part in parts]

    @property
    def repeat(self) -> Repeat:
        """What a valid form says."""
        return Repeat(self.cleaned_data["times"], self.cleaned_data["every_weeks"])
