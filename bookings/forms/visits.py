"""The size of a visit, and a booking."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Chef, Menu
from bookings.services.choosing import refuse_party
from bookings.slots import Place
from softfactory.kernel.forms import Chips, Stepper
from softfactory.kernel.problems import DomainError
from softfactory.kernel.zones import zone

# Instants beyond these have no date in every zone.
SAYABLE = [
    MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC), _("This is too long ago.")),
    MaxValueValidator(datetime(2999, 12, 31, tzinfo=UTC), _("This is too far ahead.")),
]
# Somewhere on earth it is still yesterday in UTC, for at most this long.
WESTERNMOST = timedelta(hours=12)
MOST_GUESTS = 500
PLACE = ("latitude", "longitude")


def earliest_day(now: datetime) -> date:
    """Return the first day that is not over everywhere."""
    return (now - WESTERNMOST).date()


def look_of(form: forms.Form, *more: object) -> str:
    """Return all that decides how a form looks: what was typed, what is wrong, and what else."""
    typed = [form.data.get(name) for name in form.fields]
    return repr((typed, form.errors, *more))


def day_field(**options: Any) -> forms.DateField:
    """A date as the browser's own picker sends it, whatever the language writes."""
    picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(input_formats=["%Y-%m-%d"], **{"widget": picker} | options)


class VisitForm(forms.Form):
    """How long a chef comes and for how many: what free times and the price depend on."""

    duration_hours = forms.TypedChoiceField(label=_("Hours"), coerce=int, widget=Chips)
    guests = forms.IntegerField(label=_("Guests"), min_value=1, widget=Stepper)
    date = day_field(required=False, widget=forms.HiddenInput)

    def __init__(self, chef: Chef, data: Mapping[str, str]) -> None:
        self.usual = {
            "duration_hours": min(chef.durations, default=1),
            "guests": min(2, chef.max_guests),
        }
        super().__init__({**self.usual, **data})
        self.fields["duration_hours"].choices = [
            (hours, ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
            for hours in sorted(chef.durations)
        ]
        self._limit_guests(chef.max_guests)

    def _limit_guests(self, most: int) -> None:
        self._most = most
        message = gettext("This chef cooks for %(most)s guests at most.") % {"most": most}
        guests = self.fields["guests"]
        guests.validators.append(MaxValueValidator(most, message))
        guests.widget.attrs["max"] = most

    @property
    def look(self) -> str:
        """Forms of which it is equal look the same."""
        return look_of(self, self.fields["duration_hours"].choices, self._most)

    @property
    def hours(self) -> int:
        """The hours asked for; the usual ones if that was no answer."""
        return self.cleaned_data.get("duration_hours") or self.usual["duration_hours"]

    @property
    def heads(self) -> int:
        """The guests asked for; the usual number if that was no answer."""
        return self.cleaned_data.get("guests") or self.usual["guests"]


def _degrees(label: Any, most: int) -> forms.FloatField:
    number = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.FloatField(
        label=label, required=False, min_value=-most, max_value=most, widget=number
    )


class PlacedForm(VisitForm):
    """A visit, and where it is; asked of those alone whose chef counts the way there."""

    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)

    def __init__(self, chef: Chef, data: Mapping[str, str]) -> None:
        super().__init__(chef, data)
        if not chef.counts_the_way:
            for name in PLACE:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len([name for name in PLACE if cleaned.get(name) is not None]) == 1:
            missing = next(name for name in PLACE if cleaned.get(name) is None)
            if missing not in self.errors:
                self.add_error(missing, gettext("Fill in both, or neither."))
        return cleaned

    @property
    def place(self) -> Place | None:
        """Where the visit is, if that was said in degrees."""
        latitude, longitude = (self.cleaned_data.get(name) for name in PLACE)
        if latitude is None or longitude is None:
            return None
        return Place(latitude, longitude)


class BookingForm(PlacedForm):
    """A visit, when it starts, and what the chef should know. A draft may lack the start."""

    menu = forms.TypedChoiceField(
        label=_("What is cooked?"), required=False, coerce=int, empty_value=None, widget=Chips
    )
    starts_at = forms.DateTimeField(
        label=_("Time"),
        validators=SAYABLE,
        error_messages={
            "required": _("Choose one of the free times."),
            "invalid": _("Choose one of the free times."),
        },
    )
    address = forms.CharField(
        label=_("Where?"),
        help_text=_("Your address, with the city: the chef's way there is kept free."),
        required=False,
        max_length=Booking._meta.get_field("address").max_length,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    special_requests = forms.CharField(
        label=_("What should the chef know?"),
        help_text=_("Allergies, the occasion, what your kitchen lacks."),
        required=False,
        max_length=Booking._meta.get_field("special_requests").max_length,
        widget=forms.Textarea({"rows": 4}),
    )

    #: The total that the form showed: nobody books at a price that was not on the page.
    price_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        chef: Chef,
        data: Mapping[str, str],
        *,
        is_draft: bool = False,
        menus: Sequence[Menu] = (),
    ) -> None:
        super().__init__(chef, {"menu": "", **data})
        self._menus = {menu.pk: menu for menu in menus}
        self.fields["menu"].choices = [
            ("", gettext("By the hour")),
            *((menu.pk, menu.title) for menu in menus),
        ]
        self._zone = zone(chef.timezone)
        self._is_draft = is_draft
        self.fields["starts_at"].required = not is_draft

    @property
    def dish(self) -> Menu | None:
        """The menu that is asked for; None for a visit by the hour."""
        return self._menus.get(self.cleaned_data.get("menu"))

    @property
    def hours(self) -> int:
        """The hours asked for, or those that the menu takes."""
        return self.dish.duration_hours if self.dish else super().hours

    def _clean_party(self, guests: int | None) -> None:
        """Say at the number of guests that a menu is not cooked for so many."""
        if self.dish and guests:
            try:
                refuse_party(self.dish, guests)
            except DomainError as refusal:
                self.add_error("guests", refusal.message)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_party(cleaned.get("guests"))
        starts_at = cleaned.get("starts_at")
        if starts_at and not self._is_draft and not self.is_of_chosen_day(starts_at):
            self.add_error("starts_at", gettext("Choose one of this day's free times."))
        return cleaned

    @property
    def day(self) -> date | None:
        """The day whose times are looked at: the chosen one, else that of the chosen start."""
        starts_at = self.cleaned_data.get("starts_at")
        return self.cleaned_data.get("date") or (starts_at and self._local(starts_at))

    def is_of_chosen_day(self, starts_at: datetime) -> bool:
        """Tell whether a start lies on the day that is looked at, in the chef's zone."""
        return self.day == self._local(starts_at)

    def _local(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()

    def focus_first_error(self) -> None:
        """Let the browser put the cursor into the first field that has an error."""
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True
