"""What people fill in: a search, the size of a visit, a booking."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Chef, Menu
from bookings.models.words import PLACES, cuisine_name, place_name
from bookings.services.choosing import refuse_party
from softfactory.kernel.forms import Chips, Combobox, Stepper
from softfactory.kernel.money import DEFAULT_CURRENCY, LARGEST_AMOUNT
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
# Prices are compared in one currency; a chef who asks in another is not among them.
PRICE_CURRENCY = DEFAULT_CURRENCY
PRICES = {"min_value": 0, "max_value": LARGEST_AMOUNT}


class Choices(NamedTuple):
    """The cuisines and places that can be chosen, as chefs store them; and how many chefs each
    cuisine, and each least rating in hundredths, would leave, where that is known.
    """

    cuisines: tuple[str, ...] = ()
    places: tuple[str, ...] = tuple(PLACES)
    of_cuisine: tuple[tuple[str, int], ...] = ()
    of_rating: tuple[tuple[int, int], ...] = ()


NO_CHOICES = Choices()


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


def _hundredths(stars: str) -> int:
    return round(float(stars) * 100)


class SearchForm(forms.Form):
    """Where, when and for how many: where a search begins."""

    location = forms.CharField(label=_("Place"), required=False, max_length=100)
    available_on = day_field(label=_("Date"), required=False)
    guests = forms.IntegerField(
        label=_("Guests"), required=False, min_value=1, max_value=MOST_GUESTS, widget=Stepper
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggest_places(PLACES)

    def suggest_places(self, stored: Iterable[str]) -> None:
        """Suggest these places, by the names that the active language has for them."""
        self.fields["location"].widget = Combobox(lambda: sorted(map(place_name, stored)))


class ExploreForm(SearchForm):
    """Everything by which chefs can be found; what is wrong counts as not asked for."""

    SORTS = {
        "": _("Best rated"),
        "soonest": _("Soonest free"),
        "newest": _("Newest"),
        "price": _("Price, lowest first"),
        "-price": _("Price, highest first"),
    }
    RATINGS = {"": _("Any"), "4": _("4 and up"), "4.5": _("4.5 and up")}

    q = forms.CharField(
        label=_("Chef or dish"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    cuisine = forms.CharField(
        label=_("Cuisine"), required=False, max_length=60, widget=forms.Select
    )
    min_price = forms.IntegerField(
        label=_("From"), required=False, widget=forms.NumberInput({"step": 10_000}), **PRICES
    )
    max_price = forms.IntegerField(
        label=_("To"), required=False, widget=forms.NumberInput({"step": 10_000}), **PRICES
    )
    min_rating = forms.TypedChoiceField(
        label=_("Rating"),
        required=False,
        choices=RATINGS.items(),
        coerce=_hundredths,
        empty_value=None,
        widget=Chips,
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=SORTS.items(),
        widget=forms.Select({"form": "filter-form"}),
    )

    def __init__(
        self, data: Mapping[str, str], *, earliest: date, choices: Choices = NO_CHOICES
    ) -> None:
        super().__init__(data)
        self._earliest = earliest
        self.choices = choices
        self.suggest_places(choices.places)
        self.fields["cuisine"].widget.choices = self._cuisine_choices
        self.fields["min_rating"].widget.choices = self._rating_choices

    @property
    def look(self) -> str:
        """Forms of which it is equal look the same."""
        return look_of(self, self.choices)

    def _cuisine_choices(self) -> list[tuple[str, str]]:
        # The one that is asked for is there even if nobody cooks it.
        stored = {*self.choices.cuisines, self.data.get("cuisine", "")} - {""}
        names = sorted((cuisine_name(name), name) for name in stored)
        counts = dict(self.choices.of_cuisine)
        return [
            ("", gettext("All cuisines")),
            *((name, self._counted(label, counts, name)) for label, name in names),
        ]

    def _rating_choices(self) -> list[tuple[str, str]]:
        counts = dict(self.choices.of_rating)
        return [
            (stars, self._counted(label, counts, _hundredths(stars)) if stars else str(label))
            for stars, label in self.RATINGS.items()
        ]

    @staticmethod
    def _counted(label: str | Promise, counts: Mapping[Any, int], key: str | int) -> str:
        """The label with how many it would leave, if any count is known."""
        return f"{label} ({counts.get(key, 0)})" if counts else str(label)

    def clean_available_on(self) -> date | None:
        day = self.cleaned_data["available_on"]
        if day and day < self._earliest:
            raise forms.ValidationError(gettext("This day is over. Choose a later one."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, most = cleaned.get("min_price"), cleaned.get("max_price")
        if least is not None and most is not None and most < least:
            self.add_error("max_price", gettext("This is less than the lowest price."))
        return cleaned


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


class BookingForm(VisitForm):
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
