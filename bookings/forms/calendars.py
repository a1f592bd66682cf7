"""What a chef's owner fills in about a calendar elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import BusyCalendar


class BusyCalendarForm(forms.Form):
    """A calendar's name and address."""

    name = forms.CharField(
        label=_("Name"), max_length=BusyCalendar._meta.get_field("name").max_length
    )
    url = forms.CharField(
        label=_("Address (ICS)"),
        help_text=_("Your calendar calls it its private or secret address in iCal format."),
        max_length=1_000,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
    )
