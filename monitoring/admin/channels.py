"""Channels in the admin. A signing secret is shown while it is made, and never again."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import AlertChannel
from monitoring.services.alerts.channels import send_test
from softfactory.kernel.webhooks import is_secret, new_secret


class ChannelForm(forms.ModelForm):
    """A channel; a webhook needs a secret, which a new one finds written already."""

    new_secret = forms.CharField(
        label=gettext_lazy("signing secret"),
        required=False,
        help_text=gettext_lazy(
            "For webhooks. Copy it to the receiver now: it is not shown again. To change it "
            "later, write another one; empty leaves it as it is."
        ),
    )

    class Meta:
        model = AlertChannel
        fields = ["kind", "address", "language", "is_enabled"]

    def clean_new_secret(self) -> str:
        secret = self.cleaned_data["new_secret"]
        if secret and not is_secret(secret):
            message = _("Write whsec_ and 24 to 64 bytes in Base64.")
            raise ValidationError(message, code="invalid")
        return secret

    def clean(self) -> None:
        super().clean()
        is_webhook = self.cleaned_data.get("kind") == AlertChannel.Kind.WEBHOOK
        secret = self.cleaned_data.get("new_secret") or self.instance.secret
        self.instance.secret = secret if is_webhook else ""
        if is_webhook and not secret and "new_secret" not in self.errors:
            self.add_error("new_secret", _("A webhook is signed: write a secret."))


@admin.register(AlertChannel)
class AlertChannelAdmin(admin.ModelAdmin):
    """Who is told."""

    form = ChannelForm
    list_display = ["__str__", "kind", "language", "is_enabled", "pinged_at", "last_error"]
    list_filter = ["kind", "is_enabled", "language"]
    search_fields = ["address"]
    search_help_text = gettext_lazy("Address.")
    readonly_fields = ["pinged_at", "last_error", "version", "created_at", "updated_at"]
    actions = ["test"]
    fieldsets = [
        (None, {"fields": ["kind", "address", "new_secret", "language", "is_enabled"]}),
        (
            gettext_lazy("Record"),
            {"fields": ["pinged_at", "last_error", "version", "created_at", "updated_at"]},
        ),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"new_secret": new_secret()} | super().get_changeform_initial_data(request)

    @admin.action(description=gettext_lazy("Send a test"), permissions=["change"])
    def test(self, request: HttpRequest, queryset: QuerySet[AlertChannel]) -> None:
        """Send each a message now, and tell which did not arrive, and why."""
        for channel in queryset:
            if failure := send_test(channel=channel):
                self.message_user(request, f"{channel}: {failure}", messages.ERROR)
            else:
                text = _("%(channel)s took the test.") % {"channel": channel}
                self.message_user(request, text, messages.SUCCESS)
