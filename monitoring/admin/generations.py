"""Generations in the admin: what moved how often, and clearing what follows it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitoring.admin.alerts import ReadOnly
from monitoring.services.caches.clearing import clear_generations
from softfactory.kernel.models import Generation


@admin.register(Generation)
class GenerationAdmin(ReadOnly, admin.ModelAdmin):
    """The groups of tables that cached reads follow. A number says nothing but that it moved."""

    list_display = ["name", "number"]
    search_fields = ["name"]
    ordering = ["name"]
    show_full_result_count = False
    actions = ["clear"]
    fields = readonly_fields = ["name", "number"]

    @admin.action(description=_("Make what follows it anew"), permissions=["clear"])
    def clear(self, request: HttpRequest, queryset: QuerySet[Generation]) -> None:
        names = [generation.name for generation in queryset]
        clear_generations(names)
        text = ngettext("%(n)s generation moved.", "%(n)s generations moved.", len(names))
        self.message_user(request, text % {"n": len(names)}, messages.SUCCESS)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_clear_permission(self, request: HttpRequest) -> bool:
        """Whether this person may let them move."""
        return request.user.has_perm("kernel.change_generation")
