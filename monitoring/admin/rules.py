"""Rules and silences in the admin."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitoring.models import AlertRule, AlertSilence
from monitoring.services.alerts.silences import end_silence, silence
from softfactory.kernel import clock


@admin.register(AlertRule)
class AlertRuleAdmin(admin.ModelAdmin):
    """What is watched. A rule that is not watched any more resolves what it had opened."""

    list_display = [
        "name",
        "metric",
        "fires",
        "window_seconds",
        "for_seconds",
        "severity",
        "is_enabled",
    ]
    list_filter = ["is_enabled", "severity", "metric"]
    search_fields = ["=key", "name", "look_at"]
    search_help_text = _("Key, name, or words of what to look at.")
    prepopulated_fields = {"key": ["name"]}
    readonly_fields = ["version", "created_at", "updated_at"]
    actions = ["silence_for_an_hour", "silence_for_a_shift", "silence_for_a_day"]
    fieldsets = [
        (None, {"fields": ["name", "key", "is_enabled", "severity"]}),
        (
            _("Fires"),
            {"fields": ["metric", "comparison", "threshold", "for_seconds", "window_seconds"]},
        ),
        (_("Recovers"), {"fields": ["recovers_at", "recover_seconds", "least_requests"]}),
        (_("Burn rate"), {"fields": ["objective", "short_window_seconds"]}),
        (_("What to look at"), {"fields": ["look_at", "look_at_path"]}),
        (_("Record"), {"fields": ["version", "created_at", "updated_at"]}),
    ]

    @admin.display(description=_("fires"), ordering="threshold")
    def fires(self, rule: AlertRule) -> str:
        """The comparison as one says it."""
        return f"{rule.get_comparison_display()} {rule.written(rule.threshold)}"

    @admin.action(description=_("Silence for 1 hour"), permissions=["change"])
    def silence_for_an_hour(self, request: HttpRequest, queryset: QuerySet[AlertRule]) -> None:
        self._silence(request, queryset, timedelta(hours=1))

    @admin.action(description=_("Silence for 8 hours"), permissions=["change"])
    def silence_for_a_shift(self, request: HttpRequest, queryset: QuerySet[AlertRule]) -> None:
        self._silence(request, queryset, timedelta(hours=8))

    @admin.action(description=_("Silence for 1 day"), permissions=["change"])
    def silence_for_a_day(self, request: HttpRequest, queryset: QuerySet[AlertRule]) -> None:
        self._silence(request, queryset, timedelta(days=1))

    def _silence(
        self, request: HttpRequest, queryset: QuerySet[AlertRule], lasting: timedelta
    ) -> None:
        now, by = clock.now(), request.user
        done = len([silence(rule=rule, lasting=lasting, by=by, now=now) for rule in queryset])
        text = ngettext("%(n)s rule is silenced.", "%(n)s rules are silenced.", done)
        self.message_user(request, text % {"n": done}, messages.SUCCESS)


@admin.register(AlertSilence)
class AlertSilenceAdmin(admin.ModelAdmin):
    """Who told nobody, of what, until when. A silence is ended, not deleted."""

    list_display = ["__str__", "starts_at", "ends_at", "reason", "silenced_by"]
    list_filter = ["rule", "ends_at"]
    list_select_related = ["rule", "silenced_by"]
    search_fields = ["rule__name", "reason", "silenced_by__email"]
    search_help_text = _("Rule, reason, or who it was.")
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    fields = ["rule", "starts_at", "ends_at", "reason", "silenced_by"]
    readonly_fields = ["silenced_by"]
    actions = ["end"]

    def has_delete_permission(self, request: HttpRequest, obj: AlertSilence | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: AlertSilence, form: forms.ModelForm, change: bool
    ) -> None:
        """Write down who it was."""
        if not change:
            obj.silenced_by = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=_("End the silence"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[AlertSilence]) -> None:
        done = sum(end_silence(silence=one, now=clock.now()) for one in queryset)
        text = ngettext("%(n)s silence is ended.", "%(n)s silences are ended.", done)
        self.message_user(request, text % {"n": done}, messages.SUCCESS)
