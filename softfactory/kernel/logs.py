"""How log lines look: one JSON object a line in production, a readable line elsewhere.

Each says which request it belongs to, and none says a secret: addresses are told by their routes,
and what looks like an e-mail address, a token or a query string's value is masked.
"""

import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest

from softfactory.kernel import trace
from softfactory.kernel.leaving_out import hidden
from softfactory.kernel.requests import known_user, request_id_of, route_of
from softfactory.kernel.secrets import scrubbed

with hidden("greenlet", "rich"):
    from structlog.processors import ExceptionRenderer
    from structlog.stdlib import ProcessorFormatter
    from structlog.tracebacks import ExceptionDictTransformer
    from structlog.typing import EventDict

#: What a logger may pass as `extra` to be told as fields of their own.
FIELDS = ("method", "status", "duration_ms", "db_ms", "queries", "task")

MOST_LINES = 50  # of one request that are kept for its story
MOST_CHARACTERS = 2_000  # of one of them

THOUSANDTHS = [f".{number:03}Z" for number in range(1000)]  # of a second

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def timestamp(seconds: float) -> str:
    """Return an instant as RFC 3339 in UTC, to the millisecond."""
    return _second(int(seconds)) + THOUSANDTHS[int(seconds % 1.0 * 1000.0)]


@lru_cache(maxsize=16)
def _second(whole: int) -> str:
    return datetime.fromtimestamp(whole, UTC).isoformat()[:-6]


def describe(logger: Any, level: str, event: EventDict) -> EventDict:
    """Say when, how bad, by whom and in which request."""
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog")
    return {
        "timestamp": timestamp(record.created),
        "level": level,
        "logger": record.name,
        "event": event.pop("event"),
        **request_fields(record),
        **{name: getattr(record, name) for name in FIELDS if hasattr(record, name)},
        **event,
    }


def request_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return the id, the route and the user's id of the request that a record belongs to.

    Django logs some records when the answer has left us, and gives them the request.
    """
    current = trace.current()
    request: HttpRequest | None = getattr(record, "request", None)
    if request is None and current is not None:
        request = current.request
    user = known_user(request) if request else None
    return {
        "request_id": request_id_of(request) or (current.request_id if current else "-"),
        "route": route_of(request) if request else None,
        "user_id": user.pk if user else None,
    }


def tell_by_route(logger: Any, level: str, event: EventDict) -> EventDict:
    """Replace the address in Django's own messages, of which a part may be a secret."""
    request = getattr(event["_record"], "request", None)
    path = getattr(request, "path", "")
    if request is not None and len(path) > 1:
        event["event"] = event["event"].replace(path, route_of(request))
    return event


def scrub(logger: Any, level: str, event: EventDict) -> EventDict:
    """Mask secrets in every text, however deep."""
    return {name: _scrubbed(value) for name, value in event.items()}


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, Mapping):
        return {key: _scrubbed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    return value


def as_json(logger: Any, level: str, event: EventDict) -> str:
    """Render an event as JSON, in which no value can end the line."""
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def as_line(logger: Any, level: str, event: EventDict) -> str:
    """Render an event as `time LEVEL logger [request id] event field=value`, with its traceback."""
    traceback = event.pop("exception", "")
    head = (event.pop(name) for name in ("timestamp", "level", "logger", "request_id", "event"))
    time, level, name, request_id, text = head
    fields = [f"{key}={value}" for key, value in event.items() if value is not None]
    line = " ".join([time, level.upper(), name, f"[{request_id}]", text, *fields])
    indented = "".join(f"\n    {CONTROLS.sub(' ', part)}" for part in traceback.split("\n") if part)
    return CONTROLS.sub(_escaped, line) + indented


def _escaped(found: re.Match) -> str:
    return repr(found[0])[1:-1]


class JsonFormatter(ProcessorFormatter):
    """One JSON object a line; an exception is a list of its parts, without local variables."""

    def __init__(self) -> None:
        exceptions = ExceptionDictTransformer(show_locals=False, max_frames=30)
        super().__init__(
            foreign_pre_chain=[tell_by_route, ExceptionRenderer(exceptions)],
            processors=[describe, scrub, as_json],
        )


class LineFormatter(ProcessorFormatter):
    """One readable line, and a traceback below it."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[tell_by_route, ExceptionRenderer()],
            processors=[describe, scrub, as_line],
        )


class TraceHandler(logging.Handler):
    """Keeps the lines of a request in its trace, for its story."""

    def emit(self, record: logging.LogRecord) -> None:
        current = trace.current()
        if current is None or len(current.lines) >= MOST_LINES:
            return
        text = scrubbed(record.getMessage())
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            text = f"{text}: {type(error).__name__}: {scrubbed(str(error))}"
        line = {
            "at": timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": text[:MOST_CHARACTERS],
        }
        current.lines.append(line)
