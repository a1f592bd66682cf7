"""Which time a page is about: it stands in the address, so that it can be shared."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

RANGES = {
    "15m": (timedelta(minutes=15), _("15 min")),
    "1h": (timedelta(hours=1), _("1 hour")),
    "6h": (timedelta(hours=6), _("6 hours")),
    "24h": (timedelta(hours=24), _("24 hours")),
    "7d": (timedelta(days=7), _("7 days")),
    "30d": (timedelta(days=30), _("30 days")),
}
USUAL = "1h"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` until before `end`; `range` names it where it ends now.

    `kept` are the other parameters of the page, which every link to another time keeps.
    """

    start: datetime
    end: datetime
    range: str
    zone: ZoneInfo
    is_understood: bool
    kept: dict[str, str]

    @property
    def query(self) -> str:
        """The stretch and its host, as parameters of another page's address."""
        if self.range:
            return urlencode({"range": self.range} | self._hosts)
        return urlencode({"from": self.starts, "to": self.ends} | self._hosts)

    @property
    def instants(self) -> str:
        """The same for the API, which knows no names."""
        asked = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        return urlencode(asked | self._hosts)

    @property
    def host(self) -> str:
        """The one host that is asked for; empty for all."""
        return self.kept.get("host", "")

    @property
    def _hosts(self) -> dict[str, str]:
        return {"host": self.host} if self.host else {}

    def local(self, instant: datetime) -> str:
        """Return an instant as a field for local times has it."""
        return instant.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    @property
    def starts(self) -> str:
        return self.local(self.start)

    @property
    def ends(self) -> str:
        return self.local(self.end)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The ranges that end now, each with its link."""
        return [
            {
                "label": label,
                "href": "?" + urlencode({**self.kept, "range": name}),
                "current": name == self.range,
            }
            for name, (_length, label) in RANGES.items()
        ]


def stretch_of(request: HttpRequest, *, now: datetime, keep: tuple[str, ...] = ()) -> Stretch:
    """Return the stretch that an address names; what it does not understand is the last hour."""
    zone = ZoneInfo(request.user.timezone)
    kept = {name: request.GET[name] for name in ("host", *keep) if request.GET.get(name)}
    if "from" in request.GET or "to" in request.GET:
        start, end = (_instant(request.GET.get(name, ""), zone) for name in ("from", "to"))
        if start and start < (end or now):
            return Stretch(start, end or now, "", zone, True, kept)
        return _latest(USUAL, now, zone, kept, is_understood=False)
    name = request.GET.get("range", USUAL)
    is_known = name in RANGES
    return _latest(name if is_known else USUAL, now, zone, kept, is_understood=is_known)


def _latest(
    name: str, now: datetime, zone: ZoneInfo, kept: dict[str, str], *, is_understood: bool
) -> Stretch:
    length, _label = RANGES[name]
    return Stretch(now - length, now, name, zone, is_understood, kept)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1970 < instant.year < 3000:  # the first and last years have no time elsewhere
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
