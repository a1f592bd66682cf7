"""What the styleguide shows the components with: invented, fixed, the same on every visit."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.assets import dishes
from softfactory.kernel.components.actions import ICONS
from softfactory.kernel.components.content import TONES
from softfactory.kernel.components.times import Day, Entry, Time
from softfactory.kernel.forms import CheckChips, Chips, Combobox, Stepper
from softfactory.kernel.money import Money

PLACE = "Asia/Seoul"
DAY = date(2027, 3, 4)
EVENING = datetime(2027, 3, 4, 9, tzinfo=UTC)

COLOURS = (
    "surface surface-raised surface-sunken line ink ink-muted accent accent-soft "
    "accent-text leaf positive positive-soft warning warning-soft danger danger-soft"
).split()


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Your name"))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("We write only about your bookings.")
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        widget=Combobox(suggestions=["Seoul", "Busan", "Jeju"]),
    )
    cuisine = forms.ChoiceField(
        label=gettext_lazy("Cuisine"),
        choices=[
            ("korean", pgettext_lazy("cuisine", "Korean")),
            ("thai", pgettext_lazy("cuisine", "Thai")),
        ],
    )
    guests = forms.IntegerField(
        label=gettext_lazy("Guests"), min_value=1, max_value=20, initial=4, widget=Stepper
    )
    hours = forms.ChoiceField(
        label=gettext_lazy("Hours"),
        choices=[(hours, str(hours)) for hours in (2, 3, 4)],
        initial=3,
        widget=Chips,
    )
    diets = forms.MultipleChoiceField(
        label=gettext_lazy("Diets"),
        required=False,
        choices=[
            ("vegan", gettext_lazy("Vegan")),
            ("halal", gettext_lazy("Halal")),
            ("gluten", gettext_lazy("No gluten")),
        ],
        initial=["vegan"],
        widget=CheckChips,
    )
    requests = forms.CharField(
        label=gettext_lazy("Anything the chef should know?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    terms = forms.BooleanField(label=gettext_lazy("I have read what cancelling costs."))
    code = forms.CharField(
        label=gettext_lazy("Code"), required=False, disabled=True, initial="PERSIMMON"
    )


def examples() -> dict[str, Any]:
    """Return what `styleguide.html` needs."""
    refused = ExampleForm(
        {"refused-name": "Ana Ruiz", "refused-email": "ana@", "refused-guests": "31"},
        prefix="refused",
    )
    refused.add_error(None, _("Somebody else has just booked this time. Choose another one."))
    return {
        "colours": COLOURS,
        "icons": ICONS,
        "tones": TONES,
        "dishes": dishes(),
        "form": ExampleForm(),
        "refused": refused,
        "evening": EVENING,
        "place": PLACE,
        "held_until": clock.now() + timedelta(minutes=15),
        "hourly": Money(45_000),
        "price_from": Money(210_000),
        "total": Money(330_000),
        "lines": _lines(),
        "entries": _entries(),
        "stopped": _stopped(),
        "days": _days(),
        "times": _times(),
        "chips": [{"label": "Korean", "href": "#"}, {"label": "Seoul", "href": "#"}],
        "stars": [(5, 24), (4, 6), (3, 1), (2, 0), (1, 0)],
        "steps": [_("Time"), _("Guests"), _("Confirm")],
        "people": ["Ana Ruiz", "김민지", "Benoît", "Cho Hana", "Dee Okafor", "이서연"],
    }


def _lines() -> list[tuple[str, Money]]:
    return [
        (_("Visit"), Money(60_000)),
        (_("3 hours"), Money(150_000)),
        (_("4 guests"), Money(120_000)),
    ]


def _entries() -> list[Entry]:
    asked = EVENING - timedelta(days=6)
    return [
        {"label": _("Requested"), "state": "done", "at": asked, "zone": PLACE},
        {
            "label": _("Waiting for the chef"),
            "state": "current",
            "note": _("Chef Hong usually answers within a day."),
        },
        {"label": _("The evening itself"), "state": "todo", "at": EVENING, "zone": PLACE},
    ]


def _stopped() -> list[Entry]:
    asked = EVENING - timedelta(days=6)
    return [
        {"label": _("Requested"), "state": "done", "at": asked, "zone": PLACE},
        {"label": _("Declined"), "state": "stopped", "note": _("The chef is away that week.")},
    ]


def _days() -> list[Day]:
    free = [6, 4, 0, 1, 8, 0, 3]
    days: list[Day] = [
        {"date": DAY + timedelta(days=n), "href": "#", "current": n == 1, "free": count}
        for n, count in enumerate(free)
    ]
    days[2]["too_soon"] = True
    return days


def _times() -> list[Time]:
    starts = ["11:00", "11:30", "12:00", "17:30", "18:00", "18:30"]
    times: list[Time] = [
        {"value": start, "label": start, "disabled": start == "12:00"} for start in starts
    ]
    times[-1]["note"] = _("last one")
    return times
