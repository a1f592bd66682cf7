"""The forms of accounts: allauth's as this site shows them, one's profile, tokens, webhooks."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from softfactory.accounts.models import User
from softfactory.accounts.services.emitting import event_types
from softfactory.accounts.services.tokens import scopes_of
from softfactory.kernel.forms import CheckChips, Chips, Combobox
from softfactory.kernel.problems import DomainError
from softfactory.kernel.zones import zone_names


class _InOurWords:
    """Says what a field is for once, in the label above it, and what a password takes briefly."""

    labels: Mapping[str, Any] = {"password2": _("Password again")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.label = _("E-mail address")
            if name == "password1":
                field.help_text = _("10 characters or more, and none that everybody chooses.")
            if name in self.labels:
                field.label = self.labels[name]


class _NewPassword(_InOurWords):
    """Tells the new password from the old one."""

    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }


class SignupForm(_InOurWords, account.SignupForm):
    """Asks for a name besides address and password, and remembers the page's language."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Sign up; whoever was a moment too late is answered as if the address were taken."""
        if self.account_already_exists:  # and this must not be told by a quicker answer
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Store what allauth does not know of; it calls this."""
        user.name = self.cleaned_data["name"]
        user.language = get_language()
        user.save(update_fields=["name", "language"])


class LoginForm(_InOurWords, account.LoginForm):
    """Address and password."""


class AddEmailForm(_InOurWords, account.AddEmailForm):
    """The address that is to replace the present one, once it is confirmed."""


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):
    """The old password, and the new one twice."""


class SetPasswordForm(_NewPassword, account.SetPasswordForm):
    """A first password, twice."""


class ResetPasswordForm(_InOurWords, account.ResetPasswordForm):
    """The address to send the link to."""


class ResetPasswordKeyForm(_NewPassword, account.ResetPasswordKeyForm):
    """The new password twice, for who came by the link."""


class ReauthenticateForm(_InOurWords, account.ReauthenticateForm):
    """The password once more."""


class AuthenticateForm(_InOurWords, mfa.AuthenticateForm):
    """The second factor, after the password."""


class ReauthenticateByCodeForm(_InOurWords, mfa.ReauthenticateForm):
    """The second factor once more."""


class ActivateTOTPForm(_InOurWords, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""


class ProfileForm(forms.ModelForm):
    """How one is called, spoken to, and where one's clock stands."""

    class Meta:
        model = User
        fields = ["name", "language", "timezone"]
        help_texts = {
            "language": _("Of this site, once you are signed in."),
            "timezone": _("Where your days begin. Bookings show the chef's own time too."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "language": Chips(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["timezone"].widget = Combobox(sorted(zone_names()))


class TokenForm(forms.Form):
    """What a new token is called, may do, and how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("So that you recognise it later, such as “Calendar on my server”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=CheckChips(),
        help_text=_("The fewer, the less is lost if it falls into other hands."),
    )
    expires_in_days = forms.TypedChoiceField(
        label=_("How long it works"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("One year"))],
        initial=90,
        widget=Chips(),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, scope) for scope in scopes_of(user)]


class EndpointForm(forms.Form):
    """Which server is told, and of what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("Of your server, with https: it takes POST requests there."),
    )
    types = forms.MultipleChoiceField(
        label=_("Events"),
        widget=CheckChips(),
        help_text=_("What it is told of, as soon as it happens."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [(kind, kind) for kind in event_types()]

    def refuse(self, refusal: DomainError) -> None:
        """Show a rule's refusal where it belongs."""
        for error in refusal.errors or [{"field": None, "message": refusal.message}]:
            self.add_error(error["field"], error["message"])


class EndpointEditForm(EndpointForm):
    """The same, and whether it is told at all."""

    is_active = forms.TypedChoiceField(
        label=_("State"),
        coerce=lambda text: text == "True",
        choices=[(True, _("On")), (False, _("Off"))],
        widget=Chips(),
    )
