"""Forms about accounts: what connecting asks for, the zone, and the weekly queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sns.networks.protocol import Network
from sns.times.queue import MOST_TIMES, QueueTime
from sns.times.wall import time_of
from softfactory.kernel.forms import Combobox
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


class TimesField(forms.CharField):
    """Times of a day, as people write them by commas; each once, in order, as they are stored."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": "09:00, 18:00"})
        super().__init__(required=False, max_length=500, widget=widget, **kwargs)

    def clean(self, value: Any) -> list[str]:
        written = super().clean(value).replace(";", ",").split(",")
        times = set()
        for text in filter(None, (part.strip() for part in written)):
            try:
                times.add(f"{time_of(text.zfill(5)):%H:%M}")
            except ValueError:
                message = _("“%(text)s” is no time of day. Write it as 09:30.")
                raise forms.ValidationError(message, params={"text": text[:20]}) from None
        return sorted(times)


class AccountForm(Refusable):
    """In which zone an account publishes, and when its queue does: at the times of every day, and
    at those that a day has besides.
    """

    timezone = forms.CharField(
        label=_("Time zone"),
        validators=[validate_zone],
        help_text=_("Where its readers are. Queue times are by the clock there."),
    )
    every_day = TimesField(
        label=_("Every day"), help_text=_("By commas, such as 09:00, 12:30, 18:00.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget = Combobox(sorted(zone_names()))
        for day, label in WEEKDAYS:
            self.fields[_day_name(day)] = TimesField(label=label)

    @property
    def day_fields(self) -> list[forms.BoundField]:
        """The times that each day has besides those of every day, Monday first."""
        return [self[_day_name(day)] for day, _label in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        always = cleaned.get("every_day", [])
        slots = [
            {"weekday": day, "at": at}
            for day, _label in WEEKDAYS
            for at in sorted({*always, *cleaned.get(_day_name(day), [])})
        ]
        if len(slots) > MOST_TIMES:
            self.add_error(None, _("These are too many times for a week."))
        cleaned["slots"] = slots
        return cleaned


def shown_slots(slots: list[QueueTime]) -> dict[str, str]:
    """Return how a weekly queue stands in the form: what all days share is said once."""
    days: dict[int, set[str]] = {day: set() for day, _label in WEEKDAYS}
    for slot in slots:
        days[slot.weekday].add(f"{slot.at:%H:%M}")
    shared = set.intersection(*days.values())
    shown = {_day_name(day): times - shared for day, times in days.items()}
    return {
        name: ", ".join(sorted(times)) for name, times in ({"every_day": shared} | shown).items()
    }


def _day_name(day: int) -> str:
    """The name of the field that has a weekday's own times."""
    return f"day_{day}"
