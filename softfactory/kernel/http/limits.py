"""How often one may write, or try to sign in: counted per account and address, minute by minute."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple, cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from softfactory.kernel import clock
from softfactory.kernel.cache.shared import SharedCache
from softfactory.kernel.http.addresses import client_network
from softfactory.kernel.http.problems import answer_problem

WINDOW = 60  # seconds
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Limit(NamedTuple):
    """So many a minute; the name tells its counts from another limit's."""

    name: str
    most: int


WRITES_OF_ACCOUNT = Limit("writes-account", 120)
WRITES_FROM_ADDRESS = Limit("writes-address", 300)
SIGN_INS_TO_ACCOUNT = Limit("sign-ins-account", 10)  # from one address
SIGN_INS_FROM_ADDRESS = Limit("sign-ins-address", 30)


class Allowance(NamedTuple):
    """What is left of the limit that is nearest."""

    limit: int
    remaining: int
    reset: int  # seconds until the next window
    is_exceeded: bool

    def state_in(self, response: HttpResponse) -> None:
        """Tell the client, in the answer's headers."""
        response.headers["RateLimit-Limit"] = str(self.limit)
        response.headers["RateLimit-Remaining"] = str(self.remaining)
        response.headers["RateLimit-Reset"] = str(self.reset)


def spend(counted: dict[Limit, str]) -> Allowance | None:
    """Count one request against each limit, for whom it is held; None where limits are off."""
    if not settings.RATE_LIMITED:
        return None
    window, into = divmod(int(clock.now().timestamp()), WINDOW)
    keys = {f"{limit.name}:{window}:{_digest(who)}": WINDOW for limit, who in counted.items()}
    counts = cast(SharedCache, caches["limits"]).count(keys)
    allowances = [
        Allowance(limit.most, max(0, limit.most - count), WINDOW - into, count > limit.most)
        for limit, count in zip(counted, counts, strict=True)
    ]
    return min(allowances, key=lambda allowance: (not allowance.is_exceeded, allowance.remaining))


def spend_write(request: HttpRequest, account: int | None) -> Allowance | None:
    """Count one write of an account, if it is anybody's, and of the client's address."""
    counted = {WRITES_FROM_ADDRESS: client_network(request)}
    if account is not None:
        counted[WRITES_OF_ACCOUNT] = str(account)
    return spend(counted)


def spend_sign_in(request: HttpRequest, email: str) -> Allowance | None:
    """Count one try to sign in to an account, from the client's address."""
    address = client_network(request)
    return spend(
        {
            SIGN_INS_TO_ACCOUNT: f"{address} {email.strip().lower()}",
            SIGN_INS_FROM_ADDRESS: address,
        }
    )


def _digest(who: str) -> str:
    return hashlib.blake2s(who.encode(), digest_size=12).hexdigest()


class WriteLimitMiddleware:
    """Holds pages' writes to the limits; the API's own throttles do it there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS or request.path.startswith("/api/"):
            return self.get_response(request)
        allowance = spend_write(request, request.user.pk)
        if allowance is None:
            return self.get_response(request)
        response = (
            _refusal(request, allowance) if allowance.is_exceeded else self.get_response(request)
        )
        allowance.state_in(response)
        return response


def _refusal(request: HttpRequest, allowance: Allowance) -> HttpResponse:
    detail = _("That was too often. Wait %(seconds)s seconds, then try again.")
    response = answer_problem(
        request, 429, "too_many_requests", detail % {"seconds": allowance.reset}
    )
    response.headers["Retry-After"] = str(allowance.reset)
    return response
