"""Who is calling the API: a bearer token, the browser's session, or address and password."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.utils import has_verified_email
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from softfactory.accounts.kept_tokens import token_of
from softfactory.accounts.models import ApiToken, User
from softfactory.kernel import clock
from softfactory.kernel.api.throttles import TooManyRequests
from softfactory.kernel.db.generations import touch

# The last use is kept to the hour, so that a busy token is written once an hour.
USE_IS_NEWS_AFTER = timedelta(hours=1)

# The longer of the two windows in which allauth counts failures.
LOCKED_OUT_SECONDS = 300


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer sf_…`. A token that is revoked stops at once."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        digest = ApiToken.digest_of(text.strip())
        token = token_of(digest)
        now = clock.now()
        if token is None or not token.is_valid(now=now) or not token.user.is_active:
            message = _("This token is unknown, expired or revoked. Issue a new one.")
            raise AuthenticationFailed(message, code="invalid_token")
        if token.last_used_at is None or now - token.last_used_at >= USE_IS_NEWS_AFTER:
            with touch("user", token.user_id):
                ApiToken.objects.note_use(token.pk, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def sign_in(request: HttpRequest, *, email: str, password: str, code: str = "") -> User:
    """Return whose address, password and second factor these are, as allauth's pages decide it.

    Raises AuthenticationFailed (`invalid_credentials`, `second_factor_required`, `invalid_code`),
    PermissionDenied (`email_unverified`) or TooManyRequests. Nobody's session begins.
    """
    user = _user_of(request, email, password)
    if not has_verified_email(user, email):
        message = _("Follow the link in our e-mail first. Sign in on the site to be sent another.")
        raise PermissionDenied(message, code="email_unverified")
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        _require_second_factor(user, code)
    return user


def _user_of(request: HttpRequest, email: str, password: str) -> User:
    if not ratelimit.consume(request, action="login"):
        raise TooManyRequests(wait=LOCKED_OUT_SECONDS)
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as refusal:  # it says one thing only: too many failures
        raise TooManyRequests(wait=LOCKED_OUT_SECONDS) from refusal
    if user is None or not user.is_active:
        message = _("Address and password do not belong together. Check both.")
        raise AuthenticationFailed(message, code="invalid_credentials")
    return user


def _require_second_factor(user: User, code: str) -> None:
    if not code:
        message = _("This account asks for a second factor. Send its code too.")
        raise AuthenticationFailed(message, code="second_factor_required")
    form = AuthenticateForm({"code": code}, user=user)
    if form.is_valid():
        form.authenticator.record_usage()
        return
    if form.has_error("code", "too_many_login_attempts"):
        raise TooManyRequests(wait=LOCKED_OUT_SECONDS)
    message = _("This code is wrong, or was used already. Send the next one.")
    raise AuthenticationFailed(message, code="invalid_code")
