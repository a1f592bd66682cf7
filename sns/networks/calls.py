"""Calls to a network's server: so long in all, and what went wrong in words of the protocol."""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _
from urllib3 import encode_multipart_formdata

from sns.networks.answers import answered, said
from sns.networks.protocol import (
    LONGEST,
    NetworkError,
    NetworkLater,
    NetworkRefused,
    NetworkUnsure,
    Picture,
)
from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import Limits, OutboundError, Refused, Reply
from softfactory.kernel.webhooks import retry_after

EACH = 15.0  # seconds that one call may take, besides what sending a large body takes
SENT_A_SECOND = 500_000  # bytes, at least
LEAST = 1.0  # that have to be left for one more
MOST_BYTES = 4_000_000

TURNED_AWAY = (408, 425, 429, 503)
RESETS = ("RateLimit-Reset", "X-RateLimit-Reset")
EPOCH_NOT_SECONDS = 1_000_000_000  # a reset above this is a time, below it a wait

type Refusal = Callable[[Reply], NetworkRefused]


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, and what it is."""

    content: bytes = b""
    content_type: str = ""

    @classmethod
    def of_json(cls, document: Any) -> "Body":
        return cls(json.dumps(document).encode(), "application/json")

    @classmethod
    def of_form(cls, fields: Mapping[str, str] | Sequence[tuple[str, str]]) -> "Body":
        return cls(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    @classmethod
    def of_picture(cls, picture: Picture, *, name: str, **fields: str) -> "Body":
        """A form with a file in it (RFC 7578)."""
        file = (name, picture.content, picture.content_type)
        return cls(*encode_multipart_formdata({"file": file, **fields}))


NOTHING = Body()


def refused(reply: Reply) -> NetworkRefused:
    """Return the refusal that an answer is, as long as nothing more is known of it."""
    return NetworkRefused("refused", said(reply), answered=answered(reply))


@dataclass(frozen=True, slots=True)
class Server:
    """One server, for as long as one thing takes: all calls together have LONGEST."""

    address: str  # https://host
    headers: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal = refused  # how its refusals are read
    ends_at: float = field(
        default_factory=lambda: time.monotonic() + LONGEST / timedelta(seconds=1)
    )

    def read(
        self, path: str, query: Mapping[str, str] | None = None, *, taking: Collection[int] = ()
    ) -> Reply:
        """Ask for something. Raises NetworkLater or NetworkRefused, but for a status one takes."""
        asked = f"{path}{'&' if '?' in path else '?'}{urlencode(query)}" if query else path
        return self._call("GET", asked, NOTHING, {}, taking, is_harmless=True)

    def write(
        self,
        method: str,
        path: str,
        body: Body = NOTHING,
        headers: Mapping[str, str] | None = None,
        *,
        taking: Collection[int] = (),
        is_harmless: bool = False,
    ) -> Reply:
        """Have something done. Raises NetworkUnsure where one can't tell whether it was, unless to
        repeat it is harmless: then NetworkLater.
        """
        return self._call(method, path, body, headers or {}, taking, is_harmless=is_harmless)

    def _call(
        self,
        method: str,
        path: str,
        body: Body,
        headers: Mapping[str, str],
        taking: Collection[int],
        *,
        is_harmless: bool,
    ) -> Reply:
        unsure = NetworkLater if is_harmless else NetworkUnsure
        left = self.ends_at - time.monotonic()
        if left < LEAST:
            raise NetworkLater(_("%(host)s takes too long.") % {"host": self.host})
        sent = {"Accept": "application/json"} | dict(self.headers) | dict(headers)
        if body.content_type:
            sent["Content-Type"] = body.content_type
        longest = EACH + len(body.content) / SENT_A_SECOND
        limits = Limits(read=EACH, total=min(longest, left), most_bytes=MOST_BYTES)
        try:
            reply = outbound.call(
                method, self.address + path, body=body.content, headers=sent, limits=limits
            )
        except Refused as error:
            raise NetworkRefused("address", str(error)) from None
        except OutboundError as error:
            raise (unsure if error.may_have_arrived else NetworkLater)(str(error)) from None
        if reply.status < 300 or reply.status in taking:
            return reply
        raise failure(reply, self.host, unsure=unsure, refusal=self.refusal)

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


def failure(
    reply: Reply,
    host: str,
    *,
    unsure: type[NetworkLater | NetworkUnsure],
    refusal: Refusal = refused,
) -> NetworkError:
    """Return what an answer other than yes means; `unsure` if the server itself may not know."""
    reason, kept = f"{host}: {said(reply)}", answered(reply)
    if reply.status in TURNED_AWAY:
        at = retry_at(reply.headers, now=clock.now())
        return NetworkLater(reason, retry_at=at, answered=kept)
    if reply.status >= 500:
        return unsure(reason, answered=kept)
    if reply.status < 400:
        return NetworkRefused("moved", reason, answered=kept)
    return refusal(reply)


def retry_at(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """Return when a server wants to be asked again: by Retry-After (RFC 9110, 10.2.3), else by the
    end of a limit that is used up, which is written in three ways.
    """
    if (wait := retry_after(headers, now=now)) is not None:
        return now + wait
    written = next((headers[name] for name in RESETS if name in headers), "")
    if written.isascii() and written.isdecimal() and len(written) < 11:
        number = int(written)
        if number > EPOCH_NOT_SECONDS:
            return max(datetime.fromtimestamp(number, UTC), now)  # Bluesky
        return now + timedelta(seconds=number)  # the IETF's draft
    try:
        at = datetime.fromisoformat(written)  # Mastodon
    except ValueError:
        return None
    return max(at, now) if at.tzinfo else None
