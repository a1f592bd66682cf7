"""What is filled in to stand in line for a day that is full."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.visits import VisitForm, day_field
from bookings.models import Chef


class WaitForm(VisitForm):
    """The day that one would have, how long, and for how many."""

    date = day_field(label=_("Day"))

    def __init__(self, chef: Chef, data: Mapping[str, str], *, today: date) -> None:
        super().__init__(chef, data)
        self._today = today

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day < self._today:
            raise forms.ValidationError(_("This day is over. Choose a later one."))
        return day
