"""A search for chefs: where it begins, and everything by which they can be found."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.visits import MOST_GUESTS, day_field, look_of
from bookings.models.diets import DIETARY
from bookings.models.words import PLACES, cuisine_name, place_name
from softfactory.kernel.forms import CheckChips, Chips, Combobox, Stepper
from softfactory.kernel.money import DEFAULT_CURRENCY, LARGEST_AMOUNT

# Prices are compared in one currency; a chef who asks in another is not among them.
PRICE_CURRENCY = DEFAULT_CURRENCY
PRICES = {"min_value": 0, "max_value": LARGEST_AMOUNT}


class Choices(NamedTuple):
    """The cuisines and places that can be chosen, as chefs store them; and how many chefs each
    cuisine, each least rating in hundredths, and each diet would leave, where that is known.
    """

    cuisines: tuple[str, ...] = ()
    places: tuple[str, ...] = tuple(PLACES)
    of_cuisine: tuple[tuple[str, int], ...] = ()
    of_rating: tuple[tuple[int, int], ...] = ()
    of_diet: tuple[tuple[str, int], ...] = ()


NO_CHOICES = Choices()


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
    dietary = forms.MultipleChoiceField(
        label=_("A menu that is"), required=False, choices=DIETARY.items(), widget=CheckChips
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=SORTS.items(),
        widget=forms.Select({"form": "filter-form"}),
    )

    def __init__(
        self, data: MultiValueDict[str, str], *, earliest: date, choices: Choices = NO_CHOICES
    ) -> None:
        super().__init__(data)
        self._earliest = earliest
        self.choices = choices
        self.suggest_places(choices.places)
        self.fields["cuisine"].widget.choices = self._cuisine_choices
        self.fields["min_rating"].widget.choices = self._rating_choices
        self.fields["dietary"].widget.choices = self._diet_choices

    @property
    def look(self) -> str:
        """Forms of which it is equal look the same."""
        return look_of(self, self.choices, self.data.getlist("dietary"))

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
            (stars, self._noted(label, counts, _hundredths(stars)) if stars else str(label))
            for stars, label in self.RATINGS.items()
        ]

    def _diet_choices(self) -> list[tuple[str, str]]:
        counts = dict(self.choices.of_diet)
        return [(tag, self._noted(label, counts, tag)) for tag, label in DIETARY.items()]

    @staticmethod
    def _noted(label: str | Promise, counts: Mapping[Any, int], key: str | int) -> str:
        """The same, for a chip: the count is said more quietly."""
        note = format_html(' <span class="chip__note">({})</span>', counts.get(key, 0))
        return format_html("{}{}", label, note if counts else "")

    @staticmethod
    def _counted(label: str | Promise, counts: Mapping[Any, int], key: str | int) -> str:
        """The label with how many it would leave, if any count is known."""
        return f"{label} ({counts.get(key, 0)})" if counts else str(label)

    def clean_available_on(self) -> date | None:
        day = self.cleaned_data["available_on"]
        if day and day < self._earliest:
            raise forms.ValidationError(gettext("This day is over. Choose a later one."))
        return day

    def clean_dietary(self) -> tuple[str, ...] | None:
        chosen = self.cleaned_data["dietary"]
        return tuple(tag for tag in DIETARY if tag in chosen) or None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, most = cleaned.get("min_price"), cleaned.get("max_price")
        if least is not None and most is not None and most < least:
            self.add_error("max_price", gettext("This is less than the lowest price."))
        return cleaned
