"""Users, their tokens and webhooks in the admin, which is entered by the site's own sign-in."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from softfactory.accounts.models import (
    ApiToken,
    User,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from softfactory.accounts.services.delivering import send_again
from softfactory.accounts.services.tokens import revoke_token
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError

admin.site.site_title = admin.site.site_header = _("SoftFactory")
admin.site.index_title = _("Behind the kitchen door")
# Limits, e-mail verification and the second step hold here as everywhere.
admin.site.login = secure_admin_login(admin.site.login)
# allauth's own form for these shows their secrets.
admin.site.unregister(Authenticator)


class NewUserForm(AdminUserCreationForm):
    """A user by e-mail address."""

    class Meta:
        model = User
        fields = ["email", "name"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Who can sign in."""

    add_form = NewUserForm
    ordering = ["-created_at"]
    list_display = ["email", "name", "language", "timezone", "is_active", "is_staff", "created_at"]
    list_filter = ["is_active", "is_staff", "language", "created_at"]
    search_fields = ["email", "name"]
    readonly_fields = ["created_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Profile"), {"fields": ["name", "language", "timezone"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["created_at", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "name", "usable_password", "password1", "password2"],
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Leave an existing address to its owner, who confirms the new one by e-mail."""
        return [*self.readonly_fields, *(["email"] if obj else [])]


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Who may call the API, and until when. Tokens are issued by their owners, and not edited."""

    list_display = [
        "user",
        "name",
        "hint",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ]
    list_select_related = ["user"]
    list_filter = ["created_at", "expires_at", ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__email", "user__name", "name"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    actions = ["revoke"]
    fields = readonly_fields = [
        "user",
        "name",
        "hint",
        "digest",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Revoke the selected tokens"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Let the chosen tokens open nothing from now on."""
        now = clock.now()
        count = sum(revoke_token(token=token, now=now) for token in queryset)
        text = ngettext("%(count)s token is revoked.", "%(count)s tokens are revoked.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Second steps. Deleting one lets somebody in who has lost their phone; secrets stay hidden."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    list_filter = ["type", "created_at"]
    search_fields = ["user__email", "user__name"]
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """What nobody writes by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    """Whose servers are told of what. Paths may be secrets of theirs, and are not shown."""

    list_display = ["host", "owner", "is_active", "disabled_reason", "failing_since", "created_at"]
    list_select_related = ["owner"]
    list_filter = ["is_active", "disabled_reason", ("failing_since", admin.EmptyFieldListFilter)]
    search_fields = ["owner__email", "url"]
    ordering = ["-created_at"]
    fields = [*list_display, "types", "deleted_at"]


class AttemptInline(admin.TabularInline):
    """What came of each try."""

    model = WebhookAttempt
    fields = readonly_fields = ["number", "status", "failure", "duration_ms", "created_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What is told to whom, and what became of it."""

    list_display = ["event", "endpoint", "state", "tries", "due_at", "created_at"]
    list_select_related = ["event", "endpoint"]
    list_filter = ["state", "created_at"]
    search_fields = ["endpoint__owner__email", "event__type"]
    ordering = ["-created_at"]
    fields = list_display
    inlines = [AttemptInline]
    actions = ["send_again"]

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """Let the chosen ones that have ended be sent once more."""
        done = 0
        for delivery in queryset.select_related("endpoint"):
            try:
                send_again(delivery=delivery, now=clock.now())
            except DomainError as refusal:
                self.message_user(request, f"{delivery}: {refusal.message}", messages.WARNING)
            else:
                done += 1
        text = ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", done)
        self.message_user(request, text % {"n": done}, messages.SUCCESS)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_webhookdelivery")
