"""What can be told of a request without asking anybody: its id, its route, whoever is known."""

import re
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import LazyObject

UNMATCHED = "unmatched"
LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]+)?/")


def request_id_of(request: HttpRequest | None) -> str:
    """Return the request's id, empty if it has none."""
    return getattr(request, "request_id", "")


def route_of(request: HttpRequest) -> str:
    """Return the template of the route that answers, `unmatched` if there is none (yet)."""
    match = request.resolver_match
    return template(match.route) if match else UNMATCHED


@cache
def template(route: str) -> str:
    """Return a route without its language, its variables as `{names}`.

    `ko/coocook/chefs/<int:pk>` is `/coocook/chefs/{pk}`, and so is `^chefs/(?P<pk>[0-9]+)$`, below
    `coocook/`.
    """
    route = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\]|[^()\[])*\)", r"{\1}", route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    route = re.sub(r"\\Z|[\^$]", "", route).replace(r"\.", ".")
    return f"/{LANGUAGE.sub('', route) if LANGUAGE.match(route) else route}"


def known_user(request: HttpRequest) -> Any | None:
    """Return the user whom the view found out about; None if nobody looked, or nobody is there.

    It looks nobody up: a view that did not need to know does not begin to vary by cookie for this.
    """
    user = getattr(request, "_cached_user", None)  # by the session
    if user is None and not isinstance(request.__dict__.get("user"), LazyObject):
        user = request.__dict__.get("user")  # by a token
    return user if getattr(user, "is_authenticated", False) else None
