"""The pages side by side; from one to the next, the time stays."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from monitoring.views.stretch import Stretch

PAGES = {
    "overview": _("Overview"),
    "routes": _("Endpoints"),
    "queries": _("Queries"),
    "requests": _("Single requests"),
    "system": _("System"),
}


def tabs(here: str, stretch: Stretch | None = None) -> list[dict[str, Any]]:
    """Return each page's tab, of which one is where one is."""
    query = f"?{stretch.query}" if stretch else ""
    return [
        {"label": label, "href": reverse(f"monitoring:{name}") + query, "current": name == here}
        for name, label in PAGES.items()
    ]
