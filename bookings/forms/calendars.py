"""What a chef's owner fills in about calendars elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.gateways.caldav import Found
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


class ConnectForm(forms.Form):
    """Where a calendar is, and what opens it."""

    url = forms.CharField(
        label=_("Address (CalDAV)"),
        help_text=_("Of the calendar, or of the server that it is on."),
        max_length=1_000,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
    )
    username = forms.CharField(
        label=_("User name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("App password"),
        help_text=_("One that you made for this alone, in your calendar's settings."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("What it is called here. Empty: as it is called there."),
        max_length=BusyCalendar._meta.get_field("name").max_length,
        required=False,
    )

    def clean_username(self) -> str:
        """RFC 7617, 2: the colon is where the password begins."""
        username = self.cleaned_data["username"]
        if ":" in username:
            raise forms.ValidationError(_("A user name has no colon."), code="invalid")
        return username

    def offer(self, found: list[Found]) -> None:
        """Let one of these be chosen; the password is asked for again, and never sent back."""
        choices = [(one.url, one.name or one.url) for one in found]
        self.fields["url"].widget = forms.Select(choices=choices)
        self.add_error("url", _("There are several calendars. Choose one."))
        self.add_error("password", _("Enter it once more."))


class DisconnectForm(forms.Form):
    """What is to become of the events of bookings."""

    events = forms.ChoiceField(
        label=_("Events of your bookings"),
        choices=[
            ("leave", _("Leave them in the calendar")),
            ("remove", _("Remove them from the calendar")),
        ],
        widget=forms.RadioSelect,
        initial="leave",
    )
