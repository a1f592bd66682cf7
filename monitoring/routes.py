"""Under which name a request is counted: its route's template, never the address itself."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, get_resolver

UNMATCHED = "unmatched"
STATIC = "static"

#: Django's admin, and what staff opens to look inside, are counted as one route each.
WHOLE = {"admin": "/admin/*", "silk": "/silk/*", "__debug__": "/__debug__/*"}

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
    match = request.resolver_match
    if match is not None:
        return Endpoint(method, template(match.route))
    is_static = request.path_info.startswith(settings.STATIC_URL)
    return Endpoint(method, STATIC if is_static else UNMATCHED)


@cache
def template(route: str) -> str:
    """Return a route without its language, its variables as `{names}`.

    `ko/coocook/chefs/<int:pk>` is `/coocook/chefs/{pk}`, and so is `^chefs/(?P<pk>[0-9]+)$`, below
    `coocook/`.
    """
    route = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\]|[^()\[])*\)", r"{\1}", route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    route = re.sub(r"\\Z|[\^$]|/\?$", "", route).replace(r"\.", ".")
    first, _slash, rest = route.partition("/")
    if first in dict(settings.LANGUAGES):
        first, _slash, rest = rest.partition("/")
        route = route.partition("/")[2]
    return WHOLE.get(first, f"/{route}")


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
