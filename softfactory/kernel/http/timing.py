"""Server-Timing: how long an answer and its queries took, for staff. Source: W3C Server Timing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from softfactory.kernel import trace
from softfactory.kernel.requests import known_user


class ServerTimingMiddleware:
    """Tell staff the milliseconds of the database and in all. It asks nobody who they are: a view
    that did not need to know does not begin to vary by cookie for this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        current = trace.current()
        if current is not None and is_known_staff(request):
            in_database, total = current.database_seconds * 1000, current.seconds * 1000
            response.headers["Server-Timing"] = f"db;dur={in_database:.1f}, total;dur={total:.1f}"
        return response


def is_known_staff(request: HttpRequest) -> bool:
    """Tell whether the view found out that staff asks; one that nobody looked at is nobody."""
    return bool(getattr(known_user(request), "is_staff", False))
