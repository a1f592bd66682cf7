"""Calls to a calendar's server, and what is wrong with its answers, in words for its owner."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import Limits, OutboundError, Reply
from softfactory.kernel.targets import PORTS
from softfactory.kernel.webhooks import retry_after

LIMITS = Limits(connect=5, read=10, total=15, most_bytes=2_000_000)
XML = "application/xml; charset=utf-8"
MOVED = (301, 302, 303, 307, 308)


class CalDavError(Exception):
    """The calendar can't be read or written just now; the text tells its owner how to mend that.

    `wait` is how long its server asks to be left alone.
    """

    def __init__(self, problem: str, *, wait: timedelta = timedelta(), status: int = 0) -> None:
        super().__init__(problem)
        self.wait = wait
        self.status = status


class EventRefused(CalDavError):
    """The server does not take this one event; it may take others."""


class Changed(CalDavError):
    """The event there is another one than was thought, or is there, or is not."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where a calendar is, and what opens it."""

    url: str
    username: str
    password: str = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def call(
    method: str,
    url: str,
    access: Access,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Return what the server says, whatever it is. Raises CalDavError if it says nothing, or that
    it is not now, or not to this user, that it would say something.

    User name and password go to the host that their owner named, and no other.
    """
    require_named_host(url, access)
    secret = b64encode(f"{access.username}:{access.password}".encode()).decode()
    sent = {"Authorization": f"Basic {secret}"} | dict(headers or {})
    try:
        reply = outbound.call(method, url, body=body, headers=sent, limits=LIMITS)
    except OutboundError as error:
        raise CalDavError(str(error)) from None
    if reply.status == 401:
        message = _(
            "%(host)s does not accept user name and password. Connect it again with a new app "
            "password."
        )
        raise CalDavError(message % {"host": access.host}, status=401)
    if reply.status in (408, 425, 429) or reply.status >= 500:
        wait = retry_after(reply.headers, now=clock.now()) or timedelta()
        raise failure(reply, access, wait=wait)
    return reply


def require_named_host(url: str, access: Access) -> None:
    """Raise CalDavError for an address on another server than the one that its owner named."""
    if _origin(url) != _origin(access.url):
        message = _("The calendar is at %(url)s. Enter that address, if you trust it.")
        raise CalDavError(message % {"url": url[:200]})


def failure(
    reply: Reply,
    access: Access,
    kind: type[CalDavError] = CalDavError,
    *,
    wait: timedelta = timedelta(),
) -> CalDavError:
    """Return what an answer that nobody waited for means."""
    message = _("%(host)s answered with status %(status)s.")
    said = message % {"host": access.host, "status": reply.status}
    return kind(said, wait=wait, status=reply.status)


def gone(access: Access) -> CalDavError:
    """Return what it means that there is no such calendar any more."""
    message = _("%(host)s has no calendar at this address any more. Connect the one it has.")
    return CalDavError(message % {"host": access.host}, status=404)


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0
    return parts.scheme, parts.hostname or "", port
