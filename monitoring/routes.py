"""Under which name a request is counted: its route's template, never the address itself."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import URLPattern, get_resolver

from softfactory.kernel.requests import route_of, template

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Endpoint(NamedTuple):
    """A method at a route: `GET /api/coocook/chefs/{pk}`."""

    method: str
    route: str

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def endpoint_of(request: HttpRequest) -> Endpoint:
    """Return what an answered request is counted as."""
    method = request.method if request.method in METHODS else "OTHER"
    return Endpoint(method, route_of(request))


def endpoints() -> Iterator[tuple[str, Any]]:
    """Yield every route of the site as its template, with the view that answers there."""
    yield from _found(get_resolver().url_patterns, "")


def _found(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield template(route), pattern.callback
        else:
            yield from _found(pattern.url_patterns, route)
