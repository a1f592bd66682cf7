"""Every route there is, read from the URLconf, so that a new one is attacked like the others."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver


class Route(NamedTuple):
    """An address with `{names}` for what varies, and the view that answers there."""

    address: str
    view: Any

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api/") or self.address == "/metrics"

    @property
    def methods(self) -> list[str]:
        """What the API's router says it takes; of a page that is not known: GET."""
        named = getattr(self.view, "actions", {"get": ""})
        return [method.upper() for method in named if method != "head"]


def routes() -> list[Route]:
    """Return the site's own routes. Django's admin looks after its own."""
    return [Route(f"/{address}", view) for address, view in _found(get_resolver().url_patterns)]


def _found(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = prefix + _with_names(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        elif address != "admin/":
            yield from _found(pattern.url_patterns, address)


def _with_names(pattern: str) -> str:
    """`^bookings/(?P<pk>[0-9]+)$` and `bookings/<int:pk>` are both `bookings/{pk}`."""
    pattern = pattern.removeprefix("^").removesuffix("$")
    pattern = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\]|[^()\[])*\)", r"{\1}", pattern)
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)
