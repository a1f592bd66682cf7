"""The composer: what is said, where, what it says there, with which pictures, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models import Chef, Review
from sns.forms.accounts import WEEKDAYS, Refusable
from sns.models import Campaign, Media, Post, SocialAccount
from sns.models.post import MOST_TEXT
from sns.times import Repetition, exists, instant_of
from sns.times.repeating import MOST_WEEKS
from softfactory.accounts.models import User
from softfactory.kernel.forms import CheckChips, Chips, Combobox
from softfactory.kernel.zones import validate_zone, zone_names

NOW, AT, QUEUE, REPEAT = "now", "at", "queue", "repeat"
WHEN = (
    (QUEUE, pgettext_lazy("when", "Next free queue time")),
    (AT, pgettext_lazy("when", "At a time")),
    (NOW, pgettext_lazy("when", "Now")),
    (REPEAT, pgettext_lazy("when", "Again and again")),
)
#: What becomes of a post about a free time; with nothing, it is a post like any other.
ON_TAKEN = (*Post.OnTaken.choices, ("", _("It is published all the same")))
MARKS = ("source", "medium", "campaign")
MOST_PICTURES = 10
LOCAL = "%Y-%m-%dT%H:%M"


class LocalTimeInput(forms.DateTimeInput):
    """A date and a time, as the browser's own picker writes them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=LOCAL)


class PostForm(Refusable):
    """All that one can say of a post. Its buttons say what becomes of it."""

    text = forms.CharField(
        label=_("Text"), required=False, max_length=MOST_TEXT, widget=forms.Textarea()
    )
    accounts = forms.TypedMultipleChoiceField(
        label=_("Where"), coerce=int, required=False, widget=CheckChips()
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("For networks that have one, such as WordPress."),
    )
    link = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=2_000,
        assume_scheme="https",
        help_text=_("Shown as a card where a network has them, else after the text."),
    )
    campaign = forms.TypedChoiceField(
        label=_("Campaign"), required=False, coerce=int, empty_value=None
    )
    utm_source = forms.CharField(label=_("utm_source"), required=False, max_length=100)
    utm_medium = forms.CharField(label=_("utm_medium"), required=False, max_length=100)
    utm_campaign = forms.CharField(label=_("utm_campaign"), required=False, max_length=100)

    # A last-minute opening: the free time that it is about.
    chef = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    slot = forms.DateTimeField(required=False, widget=forms.HiddenInput())
    on_taken = forms.ChoiceField(
        label=_("Once the time is taken"), required=False, choices=ON_TAKEN, widget=Chips()
    )

    # What it quotes.
    review = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    is_quote = forms.BooleanField(
        label=_("It quotes a review"),
        required=False,
        help_text=_("It goes out for as long as the guest lets the review be quoted."),
    )

    when = forms.ChoiceField(label=_("When"), choices=WHEN, widget=Chips(), initial=QUEUE)
    at = forms.DateTimeField(
        label=_("Time"), required=False, input_formats=[LOCAL], widget=LocalTimeInput()
    )
    timezone = forms.CharField(label=_("Time zone"), validators=[validate_zone])
    weeks = forms.IntegerField(
        label=_("Every … weeks"), required=False, min_value=1, max_value=MOST_WEEKS, initial=1
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), required=False, choices=WEEKDAYS, coerce=int, widget=CheckChips()
    )
    repeat_at = forms.TimeField(
        label=_("At"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self,
        *args: Any,
        accounts: Sequence[SocialAccount],
        campaigns: Sequence[Campaign],
        owner: User,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.owner = now, owner
        self.account_rows, self.campaign_rows = accounts, campaigns
        self.fields["accounts"].choices = [(row.pk, row.handle) for row in accounts]
        self.fields["campaign"].choices = [("", "—"), *((row.pk, row.name) for row in campaigns)]
        self.fields["timezone"].widget = Combobox(sorted(zone_names()))
        for row in accounts:
            self.fields[variant_name(row)] = forms.CharField(
                label=row.handle,
                required=False,
                max_length=MOST_TEXT,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def variant_fields(self) -> list[tuple[SocialAccount, forms.BoundField]]:
        """Each account with the field of its own text."""
        return [(row, self[variant_name(row)]) for row in self.account_rows]

    @property
    def chosen(self) -> list[SocialAccount]:
        """The accounts it goes to, in the order in which they are shown."""
        wanted = set(self.cleaned_data.get("accounts", []))
        return [row for row in self.account_rows if row.pk in wanted]

    @property
    def variants(self) -> dict[int, str]:
        """What the chosen accounts say, by their ids; empty where they say the same."""
        return {row.pk: self.cleaned_data.get(variant_name(row), "").strip() for row in self.chosen}

    @property
    def utm(self) -> dict[str, str]:
        """The marks in links, those that there are."""
        values = {name: self.cleaned_data.get(f"utm_{name}", "").strip() for name in MARKS}
        return {name: value for name, value in values.items() if value}

    @property
    def instant(self) -> datetime | None:
        """When it is to go out, if that is said by a time."""
        at = self.cleaned_data.get("at")
        return instant_of(at.replace(tzinfo=None), self.zone) if at else None

    @property
    def opening(self) -> dict[str, Any]:
        """The free time that it is about and what becomes of it then, as a post has it."""
        chef, starts_at = self.chef_row, self.cleaned_data.get("slot")
        on_taken = self.cleaned_data.get("on_taken")
        if not (chef and starts_at and on_taken):
            return {"chef": None, "slot_starts_at": None, "slot_ends_at": None}
        ends_at = starts_at + timedelta(hours=min(chef.durations))
        times = {"slot_starts_at": starts_at, "slot_ends_at": ends_at}
        return {"chef": chef, "on_taken": on_taken, **times}

    @cached_property
    def chef_row(self) -> Chef | None:
        """The chef whose free time it is about, if it is one of the owner's."""
        pk = self["chef"].value()
        if not str(pk or "").isdecimal() or len(str(pk)) > 18:
            return None
        return Chef.objects.owned_by(self.owner).filter(pk=int(pk)).first()

    @cached_property
    def review_row(self) -> Review | None:
        """The review that it quotes, if it is of one of the owner's chefs."""
        pk = self["review"].value()
        if not str(pk or "").isdecimal() or len(str(pk)) > 18:
            return None
        own = Review.objects.published().filter(chef__owner=self.owner)
        return own.select_related("chef").filter(pk=int(pk)).first()

    @property
    def quote(self) -> dict[str, Any]:
        """The review that it quotes, as a post has it; nothing of one that is gone."""
        if not self.cleaned_data.get("is_quote"):
            return {"review": None}
        return {"review": self.review_row} if self.review_row else {}

    @property
    def zone(self) -> ZoneInfo:
        """The zone that its times are in."""
        return ZoneInfo(self.cleaned_data["timezone"])

    @property
    def repetition(self) -> Repetition | None:
        """How it repeats, if it does."""
        cleaned = self.cleaned_data
        if cleaned.get("when") != REPEAT:
            return None
        return Repetition(
            cleaned["weeks"],
            tuple(sorted(cleaned["weekdays"])),
            cleaned["repeat_at"],
            self.now.astimezone(self.zone).date(),
            cleaned["until"],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "timezone" in self.errors or not self.is_scheduling:
            return cleaned
        if cleaned.get("when") == AT:
            self._check_time(cleaned)
        if cleaned.get("when") == REPEAT:
            for name in ("weeks", "weekdays", "repeat_at"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Say when it repeats."))
        return cleaned

    @property
    def is_scheduling(self) -> bool:
        """Whether a time is needed: a draft has none yet."""
        return self.data.get("do") == "schedule"

    def _check_time(self, cleaned: dict[str, Any]) -> None:
        at = cleaned.get("at")
        if at is None:
            if "at" not in self.errors:
                self.add_error("at", _("Choose a time."))
            return
        local = at.replace(tzinfo=None)
        if not exists(local, self.zone):
            self.add_error("at", _("Clocks are put forward then: there is no such time."))
        elif instant_of(local, self.zone) <= self.now:
            self.add_error("at", _("This time has passed. Choose another one, or “Now”."))

    def post(self, post: Post | None = None) -> Post:
        """Return the post as it is written, unsaved: for what can be said of it before."""
        cleaned = self.cleaned_data
        made = post or Post()
        made.text, made.title = cleaned.get("text", ""), cleaned.get("title", "")
        made.link, made.utm = cleaned.get("link", ""), self.utm
        made.campaign_id = cleaned.get("campaign")
        return made


def variant_name(account: SocialAccount) -> str:
    """The name of the field that has an account's own text."""
    return f"text_{account.pk}"


def alt_name(media: Media) -> str:
    """The name of the field that says what a picture shows."""
    return f"alt_{media.pk}"


def as_written(post: Post, accounts: Sequence[SocialAccount]) -> dict[str, Any]:
    """Return a stored post as the form shows it."""
    zone = ZoneInfo(post.timezone)
    utm = {f"utm_{name}": value for name, value in (post.utm or {}).items()}
    variants = {variant.account_id: variant.text for variant in post.variants.all()}
    texts = {variant_name(row): variants.get(row.pk, "") for row in accounts}
    shown: dict[str, Any] = {
        "text": post.text,
        "title": post.title,
        "link": post.link,
        "accounts": list(variants),
        "campaign": post.campaign_id,
        "timezone": post.timezone,
        "when": QUEUE,
    }
    if post.scheduled_at:
        shown |= {"when": AT, "at": post.scheduled_at.astimezone(zone).replace(tzinfo=None)}
    if post.slot_starts_at:
        slot = post.slot_starts_at.isoformat()
        shown |= {"chef": post.chef_id, "slot": slot, "on_taken": post.on_taken}
    if post.is_quote:
        shown |= {"review": post.review_id, "is_quote": True}
    if post.recurrence:
        rule = Repetition.of(post.recurrence)
        shown |= {
            "when": REPEAT,
            "weeks": rule.weeks,
            "weekdays": list(rule.weekdays),
            "repeat_at": rule.at,
            "until": rule.until,
        }
    return {**shown, **utm, **texts}
