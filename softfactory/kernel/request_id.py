"""Every request has an id: the caller's X-Request-ID, or one of ours. It is in every log line."""

import random
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from softfactory.kernel import trace

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def current_request_id() -> str:
    """Return the id of the request that is being answered; `-` outside of one."""
    current = trace.current()
    return current.request_id if current else "-"


def request_id_for(offered: str) -> str:
    """Return the caller's id, if it is one, else a new one."""
    if offered and ACCEPTED.fullmatch(offered):
        return offered
    # Not a secret, so not from the kernel: asking it would let another thread run first.
    return random.randbytes(16).hex()  # nosec B311


class RequestIdMiddleware:
    """Echo the caller's id, if it is one, or make one; the request's trace begins with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # From META: `request.headers` would be made of all that was sent, for the few that we read.
        request_id = request_id_for(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        token = trace.begin(request_id, request)
        try:
            response = self.get_response(request)
        finally:
            trace.end(token)
        response.headers[HEADER] = request_id
        return response
