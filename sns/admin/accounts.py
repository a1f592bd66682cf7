"""Accounts and seats: who publishes where, without what opens it."""

from django.contrib import admin

from sns.admin.reading import ReadOnlyAdmin
from sns.models import Campaign, Media, Seat, SocialAccount, Template


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnlyAdmin):
    """Accounts, and why one does not work."""

    list_display = ["handle", "network", "server", "owner", "is_active", "broken_reason"]
    list_filter = ["network", "is_active", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=id", "handle", "server", "owner__email"]
    ordering = ["-created_at"]
    exclude = ["sealed_secrets"]


@admin.register(Seat)
class SeatAdmin(ReadOnlyAdmin):
    """Who works on whose posts."""

    list_display = ["user", "owner", "role", "created_at"]
    list_select_related = ["owner", "user"]
    search_fields = ["owner__email", "user__email"]
    ordering = ["-created_at"]


@admin.register(Campaign, Template, Media)
class OwnedAdmin(ReadOnlyAdmin):
    """What a post is made of."""

    list_display = ["__str__", "owner", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=id", "owner__email"]
    ordering = ["-created_at"]
