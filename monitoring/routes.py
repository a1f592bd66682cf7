"""Under which name a request is counted: its route's template, never the address itself."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, get_resolver

from softfactory.kernel.requests import route_of, template

# What stands in a route, and what in an address.
VARIABLE = re.compile(r"\\{(\w+)\\}")
VALUE = r"[-\w]{1,60}"

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


def groups_below(prefix: str) -> set[str]:
    """Return the groups that the cached reads at an address, and below it, follow.

    `/coocook/chefs/12` is `calendar:12` and `chefs:12`, `/coocook` all of `calendar` and `chefs`. A
    view counts with all cached reads of its module, since some choose between several.
    """
    from softfactory.kernel.http.caching import groups_in  # which brings all that serves

    asked = _segments(prefix)
    if asked[:1] and asked[0] in dict(settings.LANGUAGES):
        asked = asked[1:]
    found = set()
    for route, view in endpoints():
        known = _bound(_segments(route), asked)
        if known is not None:
            found |= {_narrowed(group, known) for group in groups_in.get(view.__module__, ())}
    return found


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _bound(route: list[str], asked: list[str]) -> dict[str, str] | None:
    """Return what the asked segments say of the route's variables; None if they lead elsewhere."""
    known: dict[str, str] = {}
    if len(asked) > len(route):
        return None
    for name, segment in zip(route, asked, strict=False):
        pattern = VARIABLE.sub(lambda found: f"(?P<{found[1]}>{VALUE})", re.escape(name))
        if not (match := re.fullmatch(pattern, segment)):
            return None
        known |= match.groupdict()
    return known


def _narrowed(group: str, known: dict[str, str]) -> str:
    """`calendar:{pk}` is `calendar:12` if that is known, else all of `calendar`."""
    try:
        return group.format_map(known)
    except KeyError:
        return group.partition(":")[0]
