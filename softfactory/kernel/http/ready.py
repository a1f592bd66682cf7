"""Answers that are ready to be sent: kept in this process, in front of Django.

Only cached reads are kept, as the whole stack of middleware made them, and only for those who show
no credentials. An answer is good while the generations that made it stand (`kernel.db.shared`);
when that can't be told, Django is asked. So nobody sees less here than from Django itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse

from softfactory.kernel import clock
from softfactory.kernel.db.shared import Watch, shared_numbers
from softfactory.kernel.http.bodies import preferred_encoding
from softfactory.kernel.http.etags import known_tag_of
from softfactory.kernel.request_id import HEADER, request_id_for
from softfactory.kernel.request_log import Answered
from softfactory.kernel.requests import is_warm_up

type Headers = list[tuple[str, str]]
type Environ = MutableMapping[str, Any]
type Key = tuple[str | bool | None, ...]

MOST_BYTES = 5_000_000  # in each process
LARGEST = 500_000  # bytes of one answer
HEADER_BYTES = 2_000  # about what an answer takes besides its body

# What a kept answer may vary by: all of it is in the key.
KEY_HEADERS = {"accept-encoding", "hx-request"}
# Where a request carries its key, once somebody looked whether an answer is ready for it.
KEY = "softfactory.ready_key"

NOT_MODIFIED = "304 Not Modified"
# Who has a body already was told of it, and of what it is shown with.
ONLY_OF_BODIES = {
    *("content-type", "content-length", "content-encoding", "etag"),
    *("link", "speculation-rules"),
}

logger = logging.getLogger(__name__)


class Basis(NamedTuple):
    """What a cached read was made from: these generations, and a clock before `holds_until`."""

    numbers: Mapping[str, int]
    holds_until: datetime | None  # None: the clock has no part in it


@dataclass(slots=True, eq=False)
class ReadyAnswer:
    """An answer to a GET, 200, and what tells whether it is still good.

    Where only those asked so far who have it already, its body is not known: None.
    """

    route: str
    headers: Headers
    headers_of_304: Headers
    etag: str
    body: bytes | None
    size: int  # bytes, of its key too
    holds: Watch
    holds_until: datetime | None
    was_asked_for: bool = True  # since it was made, or spared


class ReadyAnswers:
    """The answers of one process; of too many, the oldest goes that was not asked for again."""

    def __init__(self, *told: Callable[[Answered], None]) -> None:
        self._told = told
        self._kept: dict[Key, ReadyAnswer] = {}  # the oldest first
        self._lock = threading.Lock()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def answer(self, environ: Environ, start_response: Callable) -> Iterable[bytes] | None:
        """Send what is ready for this request; None if nothing is, and Django has to answer."""
        begun = time.perf_counter()
        key = environ[KEY] = key_of(environ)
        found = self._find(key) if key else None
        if found is None:
            return None
        request_id = request_id_for(environ.get("HTTP_X_REQUEST_ID", ""))
        known = environ.get("HTTP_IF_NONE_MATCH", "").strip()
        own = (HEADER, request_id)
        parts: tuple[bytes, ...] = ()
        if known and (tag := found.etag if known == "*" else known_tag_of(known, found.etag)):
            status, size = 304, 0
            start_response(NOT_MODIFIED, [*found.headers_of_304, ("ETag", tag), own])
        elif found.body is None:
            return None
        else:
            status, size, parts = 200, len(found.body), (found.body,)
            start_response("200 OK", [*found.headers, own])
        seconds = time.perf_counter() - begun
        if not is_warm_up(environ):
            self._tell(Answered(time.time(), request_id, "GET", found.route, status, size, seconds))
        return parts

    def _find(self, key: Key) -> ReadyAnswer | None:
        found = self._kept.get(key)
        if found is None:
            return None
        found.was_asked_for = True
        is_over = found.holds_until is not None and clock.now() >= found.holds_until
        return None if is_over or not found.holds() else found

    def _tell(self, answered: Answered) -> None:
        for tell in self._told:
            try:
                tell(answered)
            except Exception:
                logger.exception("An answer was not counted")

    def keep(self, environ: Environ, response: HttpResponse, route: str) -> None:
        """Keep what Django answered, if it may be given to others."""
        basis: Basis | None = getattr(response, "basis", None)
        key = environ.get(KEY)
        if basis is None or key is None or not may_be_kept(response):
            return
        headers = [(name, value) for name, value in response.items() if name != HEADER]
        body = response.content if response.status_code == HTTPStatus.OK else None
        made = ReadyAnswer(
            route=route,
            headers=headers,
            headers_of_304=[(n, v) for n, v in headers if n.lower() not in ONLY_OF_BODIES],
            etag=response.headers["ETag"],
            body=body,
            size=len(body or b"") + HEADER_BYTES + _length(key),
            holds=shared_numbers().watch(basis.numbers),
            holds_until=basis.holds_until,
        )
        if made.body is None and (known := self._find(key)) and known.body is not None:
            return
        with self._lock:
            if replaced := self._kept.pop(key, None):
                self.bytes -= replaced.size
            self._kept[key] = made
            self.bytes += made.size
            while self.bytes > MOST_BYTES:
                self._leave_oldest()

    def _leave_oldest(self) -> None:
        """Leave the oldest out, or make it the newest if it was asked for; the lock is held.

        So who finds an answer has only to mark it, and needs no lock to move it. The newest is
        marked from the first on, else it would go before others that are asked for all the time.
        """
        key = next(iter(self._kept))
        oldest = self._kept.pop(key)
        if oldest.was_asked_for:
            oldest.was_asked_for = False
            self._kept[key] = oldest
        else:
            self.bytes -= oldest.size


def key_of(environ: Environ) -> Key | None:
    """Return all that an answer may depend on; None for a request that is answered by Django alone.

    Those are requests with credentials, and what a cached read does not expect: other methods, a
    body, parts of pages asked for in unknown ways.
    """
    if (
        environ["REQUEST_METHOD"] != "GET"
        or "HTTP_AUTHORIZATION" in environ
        or settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")
        or environ.get("CONTENT_LENGTH", "0") not in {"", "0"}
        or "HTTP_TRANSFER_ENCODING" in environ
        or environ.get("HTTP_HX_REQUEST") not in {None, "true"}
    ):
        return None
    return wanted_of(environ)


def wanted_of(environ: Environ) -> Key:
    """Return what is wanted: an address, in an encoding, whole or as a part."""
    is_behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
    return (
        environ.get("HTTP_HOST"),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_X_FORWARDED_PROTO") if is_behind_proxy else None,
        environ.get("SCRIPT_NAME"),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING"),
        preferred_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")),
        environ.get("HTTP_HX_REQUEST"),
    )


def _length(key: Key) -> int:
    return sum(len(part) for part in key if isinstance(part, str))


def is_told_by_key(response: HttpResponse) -> bool:
    """Tell whether this cached read varies by nothing that a key lacks."""
    varies_by = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}
    return varies_by <= KEY_HEADERS


def may_be_kept(response: HttpResponse) -> bool:
    """Tell whether this cached read is nobody's own, and varies by nothing that the key lacks."""
    return (
        response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
        and getattr(response, "is_public", False)
        and not response.cookies
        and "Server-Timing" not in response.headers
        and is_told_by_key(response)
        and len(response.content) <= LARGEST
    )
