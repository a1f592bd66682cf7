"""Server-Timing: how long an answer and its queries took, for staff. Source: W3C Server Timing."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject


class ServerTimingMiddleware:
    """Tell staff the milliseconds of the database and in all. It asks nobody who they are: a view
    that did not need to know does not begin to vary by cookie for this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        in_database = 0.0

        def measure(execute: Callable, *args: Any) -> Any:
            nonlocal in_database
            asked = time.perf_counter()
            try:
                return execute(*args)
            finally:
                in_database += time.perf_counter() - asked

        with connection.execute_wrapper(measure):
            response = self.get_response(request)
        if is_known_staff(request):
            total = (time.perf_counter() - begun) * 1000
            response.headers["Server-Timing"] = (
                f"db;dur={in_database * 1000:.1f}, total;dur={total:.1f}"
            )
        return response


def is_known_staff(request: HttpRequest) -> bool:
    """Tell whether the view found out that staff asks; one that nobody looked at is nobody."""
    user = getattr(request, "_cached_user", None)  # by the session
    if user is None and not isinstance(request.__dict__.get("user"), LazyObject):
        user = request.__dict__.get("user")  # by a token
    return bool(getattr(user, "is_staff", False))
