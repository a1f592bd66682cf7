"""This machine's own web processes, each asked by itself: over HTTP, or from within.

A server's processes share one port, and none says which it is. So connections are opened until
every process has one, as the system's own list of connections tells.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import psutil
from django.conf import settings

from monitoring.processes import running
from softfactory.kernel.requests import WARM_UP
from softfactory.kernel.wsgi import Application

SECONDS = 30  # to wait for one answer
MOST_TRIES = 20  # rounds of connections that may all come to the same process


class Visit(NamedTuple):
    """What somebody asks for: an address, the encoding that they prefer, whether by htmx."""

    path: str
    encoding: str
    is_part: bool = False

    def headers(self) -> dict[str, str]:
        """Return what is sent with it: answers are kept by the host and scheme of visitors."""
        site = urlsplit(settings.SITE_URL)
        headers = {
            "Host": site.netloc,
            "Accept-Encoding": self.encoding,
            "User-Agent": WARM_UP,
        }
        if settings.TRUSTED_PROXIES:
            headers["X-Forwarded-Proto"] = site.scheme
        return headers | ({"HX-Request": "true"} if self.is_part else {})


class Worker(Protocol):
    """A web process that can be asked."""

    def ask(self, visit: Visit) -> int:
        """Return the status of its answer; 0 if there was none."""


class OverHttp:
    """Another process, on a connection that it accepted."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        connection.auto_open = 0  # a new one might come to another process

    def ask(self, visit: Visit) -> int:
        try:
            self._connection.request("GET", visit.path, headers=visit.headers())
            response = self._connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            return 0
        return response.status


class Within:
    """This process, without a connection: asking itself it would wait for itself."""

    def __init__(self) -> None:
        served = sys.modules.get(settings.WSGI_APPLICATION.rpartition(".")[0])
        self._application = served.application if served else Application()

    def ask(self, visit: Visit) -> int:
        path, _mark, query = visit.path.partition("?")
        headers = visit.headers()
        environ = {
            **{f"HTTP_{name.upper().replace('-', '_')}": sent for name, sent in headers.items()},
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PORT": str(settings.PORT),
            "wsgi.url_scheme": headers.get("X-Forwarded-Proto", "http"),
        }
        setup_testing_defaults(environ)
        begun: list[str] = []
        answer = self._application(environ, lambda status, *rest: begun.append(status))
        try:
            for _part in answer:
                pass
        finally:
            getattr(answer, "close", lambda: None)()
        return int(begun[0].partition(" ")[0])


def others() -> Iterator[Worker]:
    """Yield each web process that runs on this machine, but for the one that asks."""
    wanted = {
        process.pid: process
        for role, process in running(settings.PROCESSES_DIR)
        if role == "web" and process.pid != os.getpid()
    }
    for _round in range(MOST_TRIES):
        for connection in _connections(2 * len(wanted)):
            if pid := _owner(connection, wanted):
                del wanted[pid]
                yield OverHttp(connection)
            else:
                connection.close()
        if not wanted:
            return


def _connections(count: int) -> list[HTTPConnection]:
    """Open several at once, so that more than one process takes some, and wait until they did."""
    opened = []
    with suppress(OSError, HTTPException):  # nobody listens (any more)
        for _one in range(count):
            connection = HTTPConnection("127.0.0.1", settings.PORT, timeout=SECONDS)
            connection.request("GET", "/api/health", headers=Visit("", "").headers())
            opened.append(connection)
        for connection in opened:
            connection.getresponse().read()
        return opened
    for connection in opened:
        connection.close()
    return []


def _owner(connection: HTTPConnection, processes: dict[int, psutil.Process]) -> int | None:
    """Return which of these processes accepted the connection."""
    port = connection.sock.getsockname()[1]
    for pid, process in processes.items():
        with suppress(psutil.Error):
            if any(one.raddr and one.raddr.port == port for one in process.net_connections("tcp")):
                return pid
    return None
