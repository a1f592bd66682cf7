"""Forms about accounts: what connecting asks for, the zone, and the weekly queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sns.networks.protocol import Network
from sns.times.queue import MOST_TIMES, QueueTime
from sns.times.wall import time_of
from softfactory.kernel.forms import CheckChips, Combobox
from softfactory.kernel.problems import DomainError
from softfactory.kernel.zones import validate_zone, zone_names

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


class Refusable(forms.Form):
    """A form that a rule may refuse, in the rule's own words."""

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal where it belongs: at the fields that it names, else above them all."""
        named = [error for error in refusal.errors if _field(error["field"]) in self.fields]
        for error in named:
            self.add_error(_field(error["field"]), error["message"])
        if not named:
            self.add_error(None, refusal.message)


def _field(name: str) -> str:
    """`credentials.password` is the field `password`."""
    return name.removeprefix("credentials.")


class ConnectForm(Refusable):
    """A server and what opens an account there, as its network asks for it."""

    server = forms.CharField(
        label=_("Server"), max_length=200, widget=forms.TextInput(attrs={"inputmode": "url"})
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network
        self.fields["server"].initial = network.default_server
        self.fields["server"].required = not network.default_server
        if network.has_consent:
            return
        for asked in network.credentials:
            is_hidden = asked.is_secret and asked.suggests is None
            widget = forms.PasswordInput if is_hidden else forms.TextInput
            self.fields[asked.name] = forms.CharField(
                label=asked.label,
                initial=asked.suggests() if asked.suggests else None,
                help_text=asked.hint,
                required=asked.is_required,
                max_length=2_000,
                widget=widget(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    @property
    def credentials(self) -> dict[str, str]:
        """What was filled in, besides the server."""
        names = [asked.name for asked in self.network.credentials]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class AccountForm(Refusable):
    """In which zone an account publishes, and when its queue does: the same times on some days, as
    many lines as there are kinds of days.
    """

    timezone = forms.CharField(
        label=_("Time zone"),
        validators=[validate_zone],
        help_text=_("Where its readers are. Queue times are by the clock there."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS, coerce=int, widget=CheckChips(), required=False
    )
    times = forms.CharField(
        label=_("Times"),
        required=False,
        max_length=500,
        help_text=_("By commas, such as 09:00, 12:30, 18:00."),
        widget=forms.TextInput(attrs={"placeholder": "09:00, 18:00"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget = Combobox(sorted(zone_names()))

    def clean_times(self) -> list[str]:
        """As they are stored, each once."""
        written = self.cleaned_data["times"].replace(";", ",").split(",")
        times = []
        for text in filter(None, (part.strip() for part in written)):
            try:
                times.append(f"{time_of(text.zfill(5)):%H:%M}")
            except ValueError:
                message = _("“%(text)s” is no time of day. Write it as 09:30.")
                raise forms.ValidationError(message, params={"text": text[:20]}) from None
        return sorted(set(times))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        days, times = cleaned.get("weekdays", []), cleaned.get("times", [])
        if len(days) * len(times) > MOST_TIMES:
            self.add_error("times", _("These are too many times for a week."))
        if bool(days) != bool(times) and not self.errors:
            self.add_error("times", _("Choose days and times, or neither."))
        cleaned["slots"] = [{"weekday": day, "at": at} for day in days for at in times]
        return cleaned


def shown_slots(slots: list[QueueTime]) -> dict[str, Any]:
    """Return how a weekly queue stands in the form, if it is the same on each of its days."""
    days = sorted({slot.weekday for slot in slots})
    times = sorted({f"{slot.at:%H:%M}" for slot in slots})
    return {"weekdays": days, "times": ", ".join(times)}
