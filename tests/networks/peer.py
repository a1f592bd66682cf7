"""What the local servers of networks have in common: they keep what came, and misbehave on command.

    with peer(BlueskyPeer) as server:            # a thread of this process, on a port of its own
        server.commands.extend([DROP_AFTER, later(3), FAIL])

A command is used up by one request that publishes; other requests behave, unless one is in
`commands_for[route]`. `mood` is asked for each publishing request when no command is left, with its
number, so that a test of kills can say "every tenth": `server.mood = lambda n: DROP_AFTER if n % 10
== 0 else None`. `posts` is what is there, one entry a post: two for one key is what must not be.
`twists` change answers, one a request, whatever it asks: to lie, or to talk nonsense.

Whoever runs other processes against it gives them OUTBOUND_ALLOW=127.0.0.1 and `server.url`.
"""

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.receivers import Received, serving
from tests.site import free_port


class Command(NamedTuple):
    """How one request is to fail: before it has an effect, or after."""

    status: int = 0  # 0: the connection is dropped
    headers: dict[str, str] = {}
    document: dict[str, Any] = {}
    is_recorded: bool = False
    seconds: float = 0  # of silence before


DROP_BEFORE, DROP_AFTER = Command(), Command(is_recorded=True)
FAIL, FAIL_AFTER = Command(500), Command(500, is_recorded=True)


def later(seconds: int) -> Command:
    """Turned away, and asked to come again in so many seconds."""
    return Command(429, {"Retry-After": str(seconds)}, {"error": "RateLimitExceeded"})


def slow(seconds: float) -> Command:
    """Done, and told after so long."""
    return Command(200, is_recorded=True, seconds=seconds)


class Asked(NamedTuple):
    """A request, taken apart."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode(), keep_blank_values=True)

    def parts(self) -> dict[str, Any]:
        """A form with files (RFC 7578): each field's bytes."""
        kind = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message: Any = message_from_bytes(kind + self.body, policy=policy.default)
        return {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in message.iter_parts()
        }

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").partition(" ")[2]


class Told(NamedTuple):
    """An answer."""

    document: Any = {}
    status: int = 200
    headers: dict[str, str] = {}


type Route = Callable[[Any, Asked], Told]


class Peer(ThreadingHTTPServer):
    """A server of one network. Subclasses say what it does in `answer`, and what `publishes`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", free_port()), _Exchange)
        self.received: list[Received] = []
        self.posts: list[dict[str, Any]] = []
        self.commands: deque[Command] = deque()
        self.commands_for: dict[str, deque[Command]] = defaultdict(deque)
        self.mood: Callable[[int], Command | None] = lambda _number: None
        self.twists: deque[Callable[[Told], Told] | None] = deque()
        self.published = 0  # requests to publish, whatever came of them
        self.lock = threading.RLock()
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, ending: str) -> list[Received]:
        """Return the requests whose path ends so."""
        return [one for one in self.received if urlsplit(one.path).path.endswith(ending)]

    def publishes(self, asked: Asked) -> bool:
        raise NotImplementedError

    def answer(self, asked: Asked) -> Told:
        raise NotImplementedError

    def command(self, asked: Asked) -> Command | None:
        """Return how this request is to fail, if it is."""
        with self.lock:
            for ending, commands in self.commands_for.items():
                if commands and asked.path.endswith(ending):
                    return commands.popleft()
            if not self.publishes(asked):
                return None
            self.published += 1
            return self.commands.popleft() if self.commands else self.mood(self.published)

    def handle_error(self, *args: Any) -> None:
        """A client that is killed is what some tests are about."""


class _Exchange(BaseHTTPRequestHandler):
    server: Peer

    def handle_any(self) -> None:
        asked = self.read()
        command = self.server.command(asked)
        self.close_connection = True
        told = None
        if command is None or command.is_recorded:
            with self.server.lock:
                told = self.server.answer(asked)
        if command is not None:
            self.server.closing.wait(command.seconds)
            if not command.status:
                return
            if command.status >= 300 or told is None:
                told = Told(command.document, command.status, command.headers)
        assert told is not None
        twist = self.server.twists.popleft() if self.server.twists else None
        self.tell(twist(told) if twist else told)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def read(self) -> Asked:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(self.command, self.path, headers, body))
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return Asked(self.command, parts.path, query, headers, body)

    def tell(self, told: Told) -> None:
        raw = isinstance(told.document, bytes)
        body = told.document if raw else json.dumps(told.document).encode()
        self.send_response(told.status)
        standard = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, value in (standard | told.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def peer[P: Peer](kind: Callable[[], P]) -> AbstractContextManager[P]:
    """Run one."""
    return serving(kind())


def stamp() -> str:
    """Return the moment, as servers write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
