"""The one way out to other servers: https to public addresses, for so long, and so much.

Addresses come from people, and may name, or lead to, what only this machine reaches. So the name
is resolved once, every address it has is looked at, and the connection goes to one of those: the
name has no second chance to mean something else. What OUTBOUND_ALLOW lists is taken as it is.
"""

import math
import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError

from softfactory.kernel.targets import OutboundError, Refused, Target, is_public, not_public

__all__ = [
    "USUAL",
    "Limits",
    "OutboundError",
    "Refused",
    "Reply",
    "TimedOut",
    "TooLarge",
    "Unreachable",
    "call",
]

AT_ONCE = 65_536  # bytes

type Address = tuple[Any, ...]  # as getaddrinfo has it: (host, port), or four of them


class Unreachable(OutboundError):
    """The host has no address, does not answer, is not who it says it is, or broke off."""


class TimedOut(OutboundError):
    """It took too long."""


class TooLarge(OutboundError):
    """The answer is larger than was asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long connecting, one read, and all of it may take, in seconds; bytes of an answer."""

    connect: float = 5
    read: float = 5
    total: float = 10
    most_bytes: int = 1_000_000


USUAL = Limits()


class Reply(NamedTuple):
    """What the other server said, redirects included: nobody follows them."""

    status: int
    headers: Mapping[str, str]  # names in any case
    body: bytes


def call(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits = USUAL,
) -> Reply:
    """Send one request and return the answer, whatever its status.

    Raises Refused, Unreachable, TimedOut or TooLarge; each tells whether the request may have
    arrived all the same.
    """
    target = Target.of(url)
    deadline = time.monotonic() + limits.total
    with _telling_of_failures(target):
        connected = _connect(target, limits, deadline)
    with connected:
        try:
            with _telling_of_failures(target):
                return _exchange(connected, target, method, body, headers or {}, limits)
        except OutboundError as error:
            error.may_have_arrived = True
            raise


@contextmanager
def _telling_of_failures(target: Target) -> Iterator[None]:
    """Say in our words what went wrong between us and the other side."""
    try:
        yield
    except (TimeoutError, ReadTimeoutError):
        raise TimedOut(_("%(host)s did not answer in time.") % {"host": target.host}) from None
    except ssl.SSLCertVerificationError:
        message = _("%(host)s could not prove that it is %(host)s.")
        raise Unreachable(message % {"host": target.host}) from None
    except (OSError, HTTPException, HTTPError):
        message = _("%(host)s can't be reached, or broke off.")
        raise Unreachable(message % {"host": target.host}) from None


class _Timed:
    """A socket each of whose reads and writes ends in time, however slowly the bytes trickle."""

    patience = math.inf
    deadline = math.inf

    def hurry(self) -> None:
        """Let the next operation have what is left. Raises TimeoutError if nothing is."""
        left = min(self.patience, self.deadline - time.monotonic())
        if left <= 0:
            raise TimeoutError
        cast(socket.socket, self).settimeout(left)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.hurry()
        return super().recv_into(*args, **kwargs)  # type: ignore[misc]

    def send(self, *args: Any, **kwargs: Any) -> int:
        self.hurry()
        return super().send(*args, **kwargs)  # type: ignore[misc]

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.hurry()
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class _PlainSocket(_Timed, socket.socket):
    pass


class _TLSSocket(_Timed, ssl.SSLSocket):
    pass


def _connect(target: Target, limits: Limits, deadline: float) -> _PlainSocket | _TLSSocket:
    patience = min(limits.connect, deadline - time.monotonic())
    addresses = _resolve(target, patience)
    connected = _connect_to_first(addresses, limits, deadline)
    try:
        if target.scheme == "https":
            connected = _encrypt(connected, target.host)
    except BaseException:
        connected.close()
        raise
    connected.patience, connected.deadline = limits.read, deadline
    return connected


def _resolve(target: Target, patience: float) -> list[tuple[int, Address]]:
    """Return family and address of all that the name means. Raises Refused if any is not public.

    The resolver has time-outs of its own, which are no limit of ours: it is asked in a thread.
    """
    answers: queue.SimpleQueue[list | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=max(patience, 0))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    addresses = [(row[0], row[4]) for row in found]
    if not target.is_allowed and not all(is_public(str(at[0])) for _family, at in addresses):
        raise not_public(target.host)
    return addresses


def _connect_to_first(
    addresses: list[tuple[int, Address]], limits: Limits, deadline: float
) -> _PlainSocket | _TLSSocket:
    until = min(deadline, time.monotonic() + limits.connect)
    failure = OSError()
    for family, address in addresses:
        connected = _PlainSocket(family, socket.SOCK_STREAM)
        connected.deadline = until
        try:
            connected.hurry()
            connected.connect(address)
            connected.hurry()  # for the handshake
        except OSError as error:
            connected.close()
            failure = error
        else:
            return connected
    raise failure


def _encrypt(connected: socket.socket, host: str) -> _TLSSocket:
    context = _trusting(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    return cast(_TLSSocket, context.wrap_socket(connected, server_hostname=host))


@lru_cache(maxsize=2)
def _trusting(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Return whom we trust, as OpenSSL finds it by these variables. To read it takes 25 ms of
    computing, more than all the rest of a call: each process does once.
    """
    context = ssl.create_default_context()
    context.sslsocket_class = _TLSSocket
    return context


def _exchange(
    connected: _PlainSocket | _TLSSocket,
    target: Target,
    method: str,
    body: bytes,
    headers: Mapping[str, str],
    limits: Limits,
) -> Reply:
    kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
    host = f"[{target.host}]" if ":" in target.host else target.host
    connection = kind(host, target.port, timeout=limits.read)
    connection.sock = connected  # so it never connects by itself
    sent = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "SoftFactory"}
    connection.request(
        method,
        target.path,
        body=body or None,
        headers=sent | dict(headers),
        preload_content=False,
        decode_content=False,
    )
    response = connection.getresponse()
    received = bytearray()
    for piece in response.stream(AT_ONCE, decode_content=False):
        received += piece
        if len(received) > limits.most_bytes:
            message = _("%(host)s answered more than %(most)s bytes.")
            raise TooLarge(message % {"host": target.host, "most": limits.most_bytes})
    return Reply(response.status, response.headers, bytes(received))
