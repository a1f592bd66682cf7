"""Limits on the API's writes and sign-ins."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from softfactory.kernel.http.limits import SAFE_METHODS, Allowance, spend_sign_in, spend_write

# Where a throttle leaves what it found, for the answer's headers.
ALLOWANCE = "softfactory.allowance"


class TooManyRequests(Throttled):
    """Answered with 429 and Retry-After."""

    default_code = "too_many_requests"
    default_detail = _("That was too often. Wait as long as Retry-After says, then try again.")
    extra_detail_singular = extra_detail_plural = ""


class WriteThrottle(BaseThrottle):
    """So many writes a minute for an account, and for an address."""

    allowance: Allowance | None = None

    def spend(self, request: Request) -> Allowance | None:
        """Count this request; None where limits are off."""
        return spend_write(request._request, request.user.pk)

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return True
        self.allowance = request.META[ALLOWANCE] = self.spend(request)
        return self.allowance is None or not self.allowance.is_exceeded

    def wait(self) -> float | None:
        return self.allowance and self.allowance.reset


class SignInThrottle(WriteThrottle):
    """So many tries to sign in a minute, for an account from an address, and for an address."""

    def spend(self, request: Request) -> Allowance | None:
        email = request.data.get("email", "") if isinstance(request.data, dict) else ""
        return spend_sign_in(request._request, str(email))
