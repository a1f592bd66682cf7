"""Chefs and when they work, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import AvailabilityException, AvailabilityRule, Chef
from bookings.models.booking import LONGEST_HOURS
from bookings.querysets import ChefQuerySet
from bookings.serializers.fields import (
    DAY,
    QUARTER,
    minutes_after_midnight,
    time_of_day,
)
from bookings.services.earning import payable, record_payout
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError


class TimeOfDayField(forms.CharField):
    """`09:30` on a quarter hour; minutes after midnight inside. An end may be `24:00`."""

    default_error_messages = {"invalid": _("Write a time on a quarter hour, such as 09:30.")}

    def __init__(self, *, is_end: bool = False, **options: Any) -> None:
        self.last = DAY if is_end else DAY - 1
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return time_of_day(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        text = super().to_python(value)
        if not text:
            return None
        minutes = minutes_after_midnight(text)
        if minutes is None or minutes % QUARTER or minutes > self.last:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return minutes


class RuleForm(forms.ModelForm):
    starts = TimeOfDayField(label=_("from"))
    ends = TimeOfDayField(is_end=True, label=_("to"))

    class Meta:
        model = AvailabilityRule
        fields = ["weekday", "starts", "ends"]


class ExceptionForm(forms.ModelForm):
    starts = TimeOfDayField(label=_("from"), required=False)
    ends = TimeOfDayField(is_end=True, label=_("to"), required=False)

    class Meta:
        model = AvailabilityException
        fields = ["date", "starts", "ends"]

    def clean(self) -> None:
        super().clean()
        hours = [self.cleaned_data.get(name) for name in ("starts", "ends")]
        if hours.count(None) == 1 and not self.errors:
            raise ValidationError(_("Write both times, or none for a day that is closed."))


class RuleInline(admin.TabularInline):
    model = AvailabilityRule
    form = RuleForm
    extra = 0


class ExceptionInline(admin.TabularInline):
    model = AvailabilityException
    form = ExceptionForm
    extra = 0


class ChefForm(forms.ModelForm):
    durations = forms.TypedMultipleChoiceField(
        label=_("durations, hours"),
        choices=[(hours, hours) for hours in range(1, LONGEST_HOURS + 1)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Chef)
class ChefAdmin(admin.ModelAdmin):
    """Chefs. Prices are the owner's affair; a chef is retired, not deleted."""

    form = ChefForm
    list_display = ["name", "owner", "cuisine", "location", "hourly_rate", "stars", "is_active"]
    list_filter = ["is_active", "instant_booking", "cuisine", "location"]
    list_select_related = ["owner"]
    search_fields = ["name", "cuisine", "location", "owner__email"]
    search_help_text = _("Name, cuisine, place, or the owner's e-mail address.")
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    show_full_result_count = False
    raw_id_fields = ["owner"]
    inlines = [RuleInline, ExceptionInline]
    actions = ["pay_out"]
    readonly_fields = [
        "upfront",
        "due",
        "session_rate",
        "hourly_rate",
        "price_per_guest",
        "stars",
        "review_count",
        "version",
        "created_at",
        "updated_at",
    ]
    fieldsets = [
        (None, {"fields": ["owner", "name", "bio", "cuisine", "location", "picture"]}),
        (_("Bookings"), {"fields": ["is_active", "instant_booking", "max_guests"]}),
        (_("Prices"), {"fields": ["session_rate", "hourly_rate", "price_per_guest"]}),
        (_("Payment"), {"fields": ["upfront", "due"]}),
        (
            _("Calendar"),
            {
                "fields": [
                    "timezone",
                    "buffer_before_minutes",
                    "buffer_after_minutes",
                    "minimum_notice_minutes",
                    "horizon_days",
                    "durations",
                    "slot_step_minutes",
                ]
            },
        ),
        (_("Record"), {"fields": ["stars", "review_count", "version", "created_at", "updated_at"]}),
    ]

    @admin.display(description=_("rating"), ordering="rating_hundredths")
    def stars(self, chef: Chef) -> float | None:
        """The average of the reviews."""
        return chef.rating

    @admin.display(description=_("price per hour"), ordering="hourly_rate_amount")
    def hourly_rate(self, chef: Chef) -> str:
        """As one writes it."""
        return chef.hourly_rate.format()

    @admin.display(description=_("price per booking"))
    def session_rate(self, chef: Chef) -> str:
        """As one writes it."""
        return chef.session_rate.format()

    @admin.display(description=_("price per guest"))
    def price_per_guest(self, chef: Chef) -> str:
        """As one writes it."""
        return chef.price_per_guest.format()

    @admin.display(description=_("held when booking"))
    def upfront(self, chef: Chef) -> str:
        """In per cent of the price."""
        return f"{chef.policy.upfront_percent}%" if chef.policy else "–"

    @admin.display(description=_("due to the chef"))
    def due(self, chef: Chef) -> str:
        """As one writes it."""
        return ", ".join(map(str, payable(chef)))

    def has_pay_out_permission(self, request: HttpRequest) -> bool:
        """Whoever may change payments."""
        return request.user.has_perm("payments.change_payment")

    @admin.action(
        description=_("Write down that all that is due was paid out"), permissions=["pay_out"]
    )
    def pay_out(self, request: HttpRequest, chefs: ChefQuerySet) -> None:
        """Note of each of these chefs that their bank has the money."""
        for chef in chefs:
            try:
                sums = record_payout(chef=chef, now=clock.now())
            except DomainError as refusal:
                self.message_user(request, f"{chef}: {refusal.message}", messages.ERROR)
            else:
                paid = ", ".join(map(str, sums))
                self.log_change(request, chef, gettext("Paid out: %(sum)s") % {"sum": paid})
                self.message_user(request, f"{chef}: {paid}", messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: Chef | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Chef, form: forms.ModelForm, change: bool
    ) -> None:
        """Write what was edited alone, so that a review published meanwhile keeps its effect.

        The row is locked first: bookings that are being written hold it too. Its version moves
        even where only the hours below it were edited.
        """
        if not change:
            obj.save()
            return
        Chef.objects.select_for_update().get(pk=obj.pk)
        obj.save(update_fields={"updated_at", *form.changed_data})
