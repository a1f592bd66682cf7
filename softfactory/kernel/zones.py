"""Time zones by their IANA names."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@cache
def zone_names() -> frozenset[str]:
    """Return every name that is a zone somewhere people live, plus UTC."""
    return frozenset(
        name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/")))
    )


def validate_zone(name: str) -> None:
    """Raise ValidationError (code `unknown_timezone`) unless this is the name of a zone."""
    if name not in zone_names():
        raise ValidationError(
            _("There is no such time zone. Write one such as Asia/Seoul."),
            code="unknown_timezone",
        )


def zone(name: str) -> ZoneInfo:
    """Return the zone of a name that was validated when it was stored."""
    return ZoneInfo(name)
