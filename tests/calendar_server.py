"""A small CalDAV server on loopback: one user, some calendars; it misbehaves on command."""

import re
import threading
from base64 import b64encode
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from xml.sax.saxutils import escape

from tests.receivers import DROP, Answer, Exchange, HttpReceiver, Received, serving

USERNAME, PASSWORD = "ben", "an-app-password"
AUTHORIZATION = "Basic " + b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
HOME = "/dav/ben/"

#: Does what it is asked to, then breaks off before it says so.
DROP_AFTER = "drop after"

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><multistatus xmlns="DAV:">&j;</multistatus>'
)


def etag_of(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:16]}"'


@dataclass
class Calendar:
    """Events by name; `changes` moves with each."""

    name: str
    events: dict[str, bytes] = field(default_factory=dict)
    changes: int = 0
    tells_etags: bool = True
    tells_changes: bool = True

    def put(self, name: str, content: bytes) -> None:
        self.events[name] = content
        self.changes += 1

    def remove(self, name: str) -> None:
        self.events.pop(name, None)
        self.changes += 1


class _CalDav(Exchange):
    """One request: noted, then answered as commanded, else as RFC 4791 has it."""

    server: "CalendarServer"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Received(self.command, self.path, headers, body)
        self.server.received.append(asked)
        self.close_connection = True
        command = self.server.next_command(asked.method)
        if isinstance(command, Answer):
            self.answer(command)
        elif command == DROP:
            return
        elif command is None or command == DROP_AFTER:
            answer = self.server.answer_to(asked)
            if command is None:
                self.answer(answer)
        else:
            self.server.closing.wait()

    do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = handle_any


class CalendarServer(HttpReceiver):
    """`calendars` are what it has; `misbehave("PUT", …)` says how the next such request fares."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = _CalDav
        self.calendars = {"work": Calendar("Work")}
        self.failing: list[tuple[str, Answer | str]] = []
        self.lock = threading.Lock()

    @property
    def work(self) -> Calendar:
        return self.calendars["work"]

    @property
    def address(self) -> str:
        return f"{self.url}{HOME}work/"

    def misbehave(self, method: str, command: Answer | str) -> None:
        self.failing.append((method, command))

    def next_command(self, method: str) -> Answer | str | None:
        for command in self.failing:
            if command[0] == method:
                self.failing.remove(command)
                return command[1]
        return None

    def asked(self, method: str) -> list[Received]:
        return [one for one in self.received if one.method == method]

    def answer_to(self, asked: Received) -> Answer:
        if asked.headers.get("authorization") != AUTHORIZATION:
            return Answer(401, {"WWW-Authenticate": "Basic"})
        with self.lock:
            return getattr(self, f"_{asked.method.lower()}")(asked)

    def _propfind(self, asked: Received) -> Answer:
        if asked.path in ("/", "/.well-known/caldav"):
            return Answer(301, {"Location": "/dav/"})
        if asked.path == "/dav/":
            link = "<current-user-principal><href>/dav/principal/</href></current-user-principal>"
            return listing(row("/dav/", link))
        if asked.path == "/dav/principal/":
            link = f"<C:calendar-home-set><href>{HOME}</href></C:calendar-home-set>"
            return listing(row(asked.path, link))
        if asked.path == HOME:
            rows = [row(HOME, "<resourcetype><collection/></resourcetype>")]
            rows += map(self._calendar_row, self.calendars)
            return listing(*rows)
        calendar, name = self._found(asked.path)
        if calendar is None or (name and name not in calendar.events):
            return Answer(404)
        if name:
            etag = escape(etag_of(calendar.events[name])) if calendar.tells_etags else ""
            return listing(row(asked.path, f"<getetag>{etag}</getetag>"))
        return listing(self._calendar_row(asked.path.split("/")[3]))

    def _calendar_row(self, key: str) -> str:
        calendar = self.calendars[key]
        mark = f"<S:getctag>{calendar.changes}</S:getctag>" if calendar.tells_changes else ""
        kind = "<resourcetype><collection/><C:calendar/></resourcetype>"
        name = f"<displayname>{escape(calendar.name)}</displayname>"
        return row(f"{HOME}{key}/", kind + name + mark)

    def _report(self, asked: Received) -> Answer:
        calendar, _name = self._found(asked.path)
        if calendar is None:
            return Answer(404)
        rows = (
            row(
                f"{asked.path}{name}",
                f"<C:calendar-data>{escape(content.decode())}</C:calendar-data>",
            )
            for name, content in calendar.events.items()
        )
        return listing(*rows)

    def _put(self, asked: Received) -> Answer:
        calendar, name = self._found(asked.path)
        if calendar is None:
            return Answer(409)
        there = calendar.events.get(name)
        wanted, unwanted = (asked.headers.get(key) for key in ("if-match", "if-none-match"))
        is_met = there is not None and wanted in ("*", etag_of(there)) if wanted else True
        if not is_met or (unwanted == "*" and there is not None):
            return Answer(412)
        calendar.put(name, asked.body)
        headers = {"ETag": etag_of(asked.body)} if calendar.tells_etags else {}
        return Answer(201 if there is None else 204, headers)

    def _delete(self, asked: Received) -> Answer:
        calendar, name = self._found(asked.path)
        if calendar is None or name not in calendar.events:
            return Answer(404)
        calendar.remove(name)
        return Answer(204)

    def _found(self, path: str) -> tuple[Calendar | None, str]:
        match = re.fullmatch(rf"{HOME}([^/]+)/([^/]*)", path)
        return (self.calendars.get(match[1]), match[2]) if match else (None, "")


def row(href: str, properties: str) -> str:
    return (
        f"<response><href>{escape(href)}</href><propstat><prop>{properties}</prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response>"
    )


def listing(*rows: str) -> Answer:
    names = (
        'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
        'xmlns:S="http://calendarserver.org/ns/"'
    )
    body = f'<?xml version="1.0"?><multistatus {names}>{"".join(rows)}</multistatus>'.encode()
    return Answer(207, {"Content-Type": "application/xml; charset=utf-8"}, body)


def calendar_server() -> AbstractContextManager[CalendarServer]:
    """Run one."""
    return serving(CalendarServer())
