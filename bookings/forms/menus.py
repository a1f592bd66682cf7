"""What a chef's owner fills in about a menu."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Chef, Menu
from bookings.models.diets import DIETARY
from bookings.models.menu import ALLERGENS, LONGEST_COURSE, MOST_COURSES, MOST_GUESTS
from softfactory.kernel.forms import CheckChips, Chips, Stepper
from softfactory.kernel.money import EXPONENTS, LARGEST_AMOUNT, Money


class MenuForm(forms.Form):
    """A menu with its picture. The price is in whole units of the chef's currency."""

    title = forms.CharField(label=_("Title"), max_length=100)
    description = forms.CharField(
        label=_("What is special about it?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    courses = forms.CharField(
        label=_("Courses"), help_text=_("One on a line."), widget=forms.Textarea({"rows": 5})
    )
    price = forms.DecimalField(label=_("Price per guest"), min_value=0, max_value=LARGEST_AMOUNT)
    duration_hours = forms.TypedChoiceField(label=_("Hours"), coerce=int, widget=Chips)
    min_guests = forms.IntegerField(
        label=_("Fewest guests"), min_value=1, max_value=MOST_GUESTS, widget=Stepper
    )
    max_guests = forms.IntegerField(
        label=_("Most guests"), min_value=1, max_value=MOST_GUESTS, widget=Stepper
    )
    dietary = forms.MultipleChoiceField(
        label=_("Suits"), choices=DIETARY.items(), required=False, widget=CheckChips
    )
    allergens = forms.MultipleChoiceField(
        label=_("Allergens"), choices=ALLERGENS.items(), required=False, widget=CheckChips
    )
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB."),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    picture_alt = forms.CharField(
        label=_("What the picture shows"),
        help_text=_("For those who can't see it."),
        required=False,
        max_length=300,
    )

    no_picture = forms.BooleanField(label=_("Show no picture any more"), required=False)

    def __init__(
        self,
        chef: Chef,
        menu: Menu | None,
        data: Any = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self._unit = 10 ** EXPONENTS[chef.currency]
        self._currency = chef.currency
        usual = {"min_guests": 2, "max_guests": min(chef.max_guests, 8)}
        super().__init__(data, files, initial=self._of(menu) if menu else usual)
        if menu is None or not menu.picture:
            del self.fields["no_picture"]
        self.fields["price"].label = gettext("Price per guest, %(currency)s") % {
            "currency": chef.currency
        }
        self.fields["price"].decimal_places = EXPONENTS[chef.currency]
        self.fields["duration_hours"].choices = [
            (hours, ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
            for hours in sorted(chef.durations)
        ]

    def _of(self, menu: Menu) -> dict[str, Any]:
        names = (
            "title",
            "description",
            "courses",
            "duration_hours",
            "min_guests",
            "max_guests",
            "dietary",
            "allergens",
            "picture_alt",
        )
        price = menu.price_per_guest_amount / self._unit
        stored = {name: getattr(menu, name) for name in names}
        return stored | {"price": int(price) if self._unit == 1 else price}

    def clean_courses(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["courses"].splitlines()]
        courses = [line for line in lines if line]
        if len(courses) > MOST_COURSES or any(len(line) > LONGEST_COURSE for line in courses):
            message = gettext("At most %(most)s courses, each of %(longest)s letters at most.")
            raise forms.ValidationError(message % {"most": MOST_COURSES, "longest": LONGEST_COURSE})
        return courses

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        least, most = cleaned.get("min_guests"), cleaned.get("max_guests")
        if least and most and least > most:
            self.add_error("max_guests", gettext("The most guests are fewer than the fewest."))
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        """What was filled in, as fields of a menu, its picture apart."""
        apart = {"picture", "no_picture"}
        details = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        amount = int(details.pop("price") * self._unit)
        return details | {"price_per_guest": Money(amount, self._currency)}
