"""What a new post begins with: a template filled with a chef, a free time, a review
or a menu of theirs; a campaign; a day of the calendar.
"""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from bookings.models import Chef, Menu, Review
from sns.forms.composing import AT
from sns.models import Template
from sns.placeholders import names_in
from sns.services.filling import coming_openings, fill_template
from softfactory.accounts.models import User
from softfactory.kernel.components.times import written
from softfactory.kernel.problems import DomainError

MOST = 100
MORNING = time(9)


class BeginForm(forms.Form):
    """Which template, and about what."""

    template = forms.TypedChoiceField(
        label=_("Template"), required=False, coerce=int, empty_value=None
    )
    chef = forms.TypedChoiceField(label=_("Chef"), required=False, coerce=int, empty_value=None)
    slot = forms.ChoiceField(label=_("Free time"), required=False)
    review = forms.TypedChoiceField(
        label=_("Review"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Those that guests let you quote."),
    )
    menu = forms.TypedChoiceField(label=_("Menu"), required=False, coerce=int, empty_value=None)
    on = forms.DateField(required=False, widget=forms.HiddenInput())
    campaign = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())

    def __init__(self, *args: Any, owner: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner, self.now = owner, now
        self.templates = {
            row.pk: row for row in Template.objects.of_owners([owner.pk]).newest_first()[:MOST]
        }
        needed = {name.partition(".")[0] for row in self.templates.values() for name in _names(row)}
        self.chefs = self._chefs() if needed & {"chef", "slot", "review", "menu"} else {}
        self.reviews = self._reviews() if "review" in needed else {}
        self.menus = self._menus() if "menu" in needed else {}
        choices = {"template": self.templates, "chef": self.chefs}
        choices |= {"review": self.reviews, "menu": self.menus}
        for name, rows in choices.items():
            self.fields[name].choices = [
                ("", "—"),
                *((pk, _shown(row)) for pk, row in rows.items()),
            ]
        self.chef = self._chosen_chef()
        self.openings = self._openings() if "slot" in needed else {}
        self.fields["slot"].choices = [
            ("", "—"),
            *((at, words) for at, words in self.openings.items()),
        ]
        if not self.chefs:
            del self.fields["chef"]
        if not self.openings:
            del self.fields["slot"]
        for name in ("review", "menu"):
            if not choices[name]:
                del self.fields[name]
        self.text, self.refusal = "", ""
        self.slot: datetime | None = None
        self.review: Review | None = None
        if self.is_bound and self.is_valid():
            self._fill()

    @property
    def has_templates(self) -> bool:
        """Whether there is anything to begin with."""
        return bool(self.templates)

    @property
    def begun(self) -> dict[str, Any]:
        """What of the composer is filled in by it."""
        if not self.is_bound or not self.is_valid():
            return {}
        begun: dict[str, Any] = {"text": self.text, "campaign": self.cleaned_data.get("campaign")}
        if self.slot is not None and self.chef is not None:
            begun |= {"chef": self.chef.pk, "slot": self.slot.isoformat(), "on_taken": "skip"}
        if self.review is not None:
            begun |= {"review": self.review.pk, "is_quote": True}
        day: date | None = self.cleaned_data.get("on")
        if day is not None:
            begun |= {"when": AT, "at": datetime.combine(day, MORNING)}
        return begun

    def _fill(self) -> None:
        template = self.templates.get(self.cleaned_data.get("template") or 0)
        if template is None:
            return
        review = self.reviews.get(self.cleaned_data.get("review") or 0)
        menu = self.menus.get(self.cleaned_data.get("menu") or 0)
        about = review or menu
        chef = self.chef or self.chefs.get(about.chef_id if about else 0)
        chosen = self.cleaned_data.get("slot")
        slot = datetime.fromisoformat(chosen) if chosen else None
        named = {name.partition(".")[0] for name in _names(template)}
        self.slot = slot if "slot" in named else None
        self.review = review if "review" in named else None
        try:
            about_it = {"chef": chef, "slot": slot, "review": review, "menu": menu}
            self.text = fill_template(template.text, **about_it)
        except DomainError as refusal:
            self.text, self.refusal = template.text, refusal.message

    def _chosen_chef(self) -> Chef | None:
        """Whoever was chosen; where there is only one, that one."""
        if len(self.chefs) == 1:
            return next(iter(self.chefs.values()))
        chosen = str(self.data.get("chef", ""))
        return self.chefs.get(int(chosen)) if chosen.isdecimal() else None

    def _openings(self) -> dict[str, str]:
        """The chef's next free times, each as a program and as a person writes it."""
        if self.chef is None:
            return {}
        zone = ZoneInfo(self.chef.timezone)
        openings = coming_openings(self.chef, now=self.now)
        return {at.isoformat(): written(at.astimezone(zone), "datetime") for at in openings}

    def _chefs(self) -> dict[int, Chef]:
        own = Chef.objects.owned_by(self.owner).with_availability().order_by("pk")
        return {chef.pk: chef for chef in own}

    def _reviews(self) -> dict[int, Review]:
        """What their authors let be quoted of what everybody reads."""
        quotable = Review.objects.quotable().filter(chef__in=list(self.chefs))
        return {review.pk: review for review in quotable.newest_first()[:MOST]}

    def _menus(self) -> dict[int, Menu]:
        offered = Menu.objects.offered().owned_by(self.owner)
        return {menu.pk: menu for menu in offered.oldest_first()[:MOST]}


def _names(template: Template) -> list[str]:
    try:
        return names_in(template.text)
    except DomainError:  # of when a name was still one
        return []


def _shown(row: Template | Chef | Review | Menu) -> str:
    if isinstance(row, Review):
        return f"{row.author_name}, {row.rating}/5: {Truncator(row.text).chars(60)}"
    return str(row)
