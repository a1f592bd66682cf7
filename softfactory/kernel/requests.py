"""What can be told of a request without asking anybody: its id, its route, whoever is known."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import LazyObject

WARM_UP = "SoftFactory warm-up"  # whom requests say they come from that warm up
UNMATCHED = "unmatched"
STATIC = "static"

#: Django's admin, and what staff opens to look inside, are one route each.
WHOLE = {"admin": "/admin/*", "silk": "/silk/*", "__debug__": "/__debug__/*"}


def request_id_of(request: HttpRequest | None) -> str:
    """Return the request's id, empty if it has none."""
    return getattr(request, "request_id", "")


def is_warm_up(environ: Mapping[str, Any]) -> bool:
    """Tell whether this request is one of ours, by which no visitor finds anything.

    No proxy stands between, as for all others.
    """
    return (
        environ.get("HTTP_USER_AGENT") == WARM_UP
        and environ.get("REMOTE_ADDR") == "127.0.0.1"
        and "HTTP_X_FORWARDED_FOR" not in environ
    )


def route_of(request: HttpRequest) -> str:
    """Return the template of the route that answers; `unmatched` if there is none, or none yet."""
    if request.resolver_match is not None:
        return template(request.resolver_match.route)
    return STATIC if request.path_info.startswith(settings.STATIC_URL) else UNMATCHED


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


def known_user(request: HttpRequest) -> Any | None:
    """Return the user whom the view found out about; None if nobody looked, or nobody is there.

    It looks nobody up: a view that did not need to know does not begin to vary by cookie for this.
    """
    user = getattr(request, "_cached_user", None)  # by the session
    if user is None and not isinstance(request.__dict__.get("user"), LazyObject):
        user = request.__dict__.get("user")  # by a token
    return user if getattr(user, "is_authenticated", False) else None
