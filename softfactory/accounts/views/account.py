"""Who one is, how one signs in, and one's tokens."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from softfactory.accounts.forms import ProfileForm, TokenForm
from softfactory.accounts.models import ApiToken
from softfactory.accounts.services.people import edit_profile
from softfactory.accounts.services.tokens import issue_token, revoke_token
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import kept_form, sign_in_required

# The newest of one's tokens are on the page; the API lists all of them.
MOST_TOKENS = 50


@form_page
@sign_in_required
def show_account(request: HttpRequest) -> HttpResponse:
    """Who one is, how one signs in, and one's tokens; posting changes the profile."""
    form = ProfileForm(request.POST or kept_form(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        edit_profile(user=request.user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your profile is saved."))
            return redirect("accounts:account")
    context = {
        "form": form,
        "has_second_factor": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "now": clock.now(),
        "tokens": ApiToken.objects.visible_to(request.user).newest_first()[:MOST_TOKENS],
    }
    return render(request, "accounts/user_edit.html", context)


@form_page
@sign_in_required
def create_token(request: HttpRequest) -> HttpResponse:
    """Issue a token. Its text is in the answer to the form and nowhere else."""
    form = TokenForm(request.POST or kept_form(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        issued = issue_token(user=request.user, now=clock.now(), **form.cleaned_data)
        context = {"token": issued.row, "text": issued.text}
        return render(request, "accounts/apitoken_issued.html", context)
    return render(request, "accounts/apitoken_create.html", {"form": form})


@form_page
@sign_in_required
def confirm_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a token is revoked; posting revokes it."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        revoke_token(token=token, now=clock.now())
        messages.success(request, _("The token is revoked. It opens nothing any more."))
        return redirect("accounts:account")
    return render(request, "accounts/apitoken_revoke.html", {"token": token})


@require_safe
def show_account_menu(request: HttpRequest) -> HttpResponse:
    """The corner of every page that knows who is looking; the page around it does not."""
    return render(request, "accounts/account_menu.html", {"query": _way_back(request)})


def _way_back(request: HttpRequest) -> str:
    """Return a query that leads back to the page around the fragment after signing in."""
    try:
        path = request.htmx.current_url_abs_path or ""
    except ValueError:  # no address at all
        path = ""
    if not path or "/accounts/" in path:  # there is no way back to signing in itself
        return ""
    return "?" + urlencode({REDIRECT_FIELD_NAME: path})
