"""One log line for each request that was answered, written behind its back; more of a slow one."""

import logging
import os
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from softfactory.kernel import trace
from softfactory.kernel.logs import timestamp
from softfactory.kernel.requests import known_user, route_of
from softfactory.kernel.slowness import is_slow
from softfactory.kernel.writer import Writer

logger = logging.getLogger("softfactory.requests")

PAUSE = 0.5  # seconds that a line may wait
MOST_QUERIES = 20  # of a slow request that are told
PIPE_BUF = 4096  # bytes that a pipe takes whole, whoever else writes into it


def milliseconds(seconds: float) -> float:
    """Return milliseconds to a tenth, for a fraction of what `round` takes."""
    return int(seconds * 10_000 + 0.5) / 10


@dataclass(slots=True, eq=False)
class Answered:
    """What is told of a request."""

    at: float
    request_id: str
    method: str
    route: str
    status: int
    size: int
    seconds: float
    database_seconds: float = 0.0
    queries: int = 0
    user_id: int | None = None

    def fields(self) -> dict[str, Any]:
        return {
            "timestamp": timestamp(self.at),
            "level": "info",
            "logger": logger.name,
            "event": "request",
            "request_id": self.request_id,
            "route": self.route,
            "user_id": self.user_id,
            "method": self.method,
            "status": self.status,
            "duration_ms": milliseconds(self.seconds),
            "db_ms": milliseconds(self.database_seconds),
            "queries": self.queries,
            "bytes": self.size,
        }

    def as_json(self) -> bytes:
        return orjson.dumps(self.fields(), option=orjson.OPT_APPEND_NEWLINE)

    def as_line(self) -> bytes:
        line = (
            f"{timestamp(self.at)} INFO {logger.name} [{self.request_id}]"
            f" {self.method} {self.route} {self.status} {self.seconds * 1000:.1f} ms,"
            f" {self.database_seconds * 1000:.1f} ms in {self.queries} queries,"
            f" {self.size} bytes, user {self.user_id or '-'}\n"
        )
        return line.encode()


def write(batch: list[Answered]) -> None:
    """Write the lines to standard error, as many at once as others' lines can't come between."""
    render = Answered.as_json if settings.LOG_FORMAT == "json" else Answered.as_line
    target = sys.stderr.fileno()
    most = PIPE_BUF if stat.S_ISFIFO(os.fstat(target).st_mode) else sys.maxsize
    piece: list[bytes] = []
    size = 0
    for line in map(render, batch):
        size += len(line)
        if size > most:
            os.write(target, b"".join(piece))
            piece, size = [], len(line)
        piece.append(line)
    os.write(target, b"".join(piece))


lines: Writer[Answered] = Writer("request lines", write, pause=PAUSE)


class RequestLogMiddleware:
    """Leave a line for the log when a request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        current = trace.current()
        if current is not None:
            seconds = current.seconds
            if settings.LOG_REQUESTS:
                lines.put(answered(request, response, current, seconds))
            if is_slow(request.method or "", route_of(request), seconds):
                tell_slow(request, response, current, seconds)
        return response


def answered(
    request: HttpRequest, response: HttpResponse, current: trace.Trace, seconds: float
) -> Answered:
    """Return what is told of this request."""
    user = known_user(request)
    return Answered(
        time.time(),
        current.request_id,
        request.method or "",
        route_of(request),
        response.status_code,
        0 if response.streaming else len(response.content),
        seconds,
        current.database_seconds,
        len(current.queries),
        user.pk if user else None,
    )


def log_ready(ready: Answered) -> None:
    """Leave a line for an answer that was ready."""
    if settings.LOG_REQUESTS:
        lines.put(ready)


def tell_slow(
    request: HttpRequest, response: HttpResponse, current: trace.Trace, seconds: float
) -> None:
    """Warn of a request that took too long, with the queries that it spent most time on."""
    queries = trace.grouped(current.queries, current.places)
    queries.sort(key=lambda query: query["ms"], reverse=True)
    logger.warning(
        "slow request",
        extra={
            "method": request.method,
            "status": response.status_code,
            "duration_ms": milliseconds(seconds),
            "db_ms": milliseconds(current.database_seconds),
            "queries": queries[:MOST_QUERIES],
        },
    )
