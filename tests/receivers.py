"""Real receivers on loopback for what the site sends: they misbehave on command."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.site import free_port

HANG, DROP, TRICKLE, TRICKLED_HEADERS = "hang", "drop", "trickle", "trickled headers"


class Received(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class Answer(NamedTuple):
    """What the receiver is to say."""

    status: int = 204
    headers: dict[str, str] = {}
    body: bytes = b""


class Exchange(BaseHTTPRequestHandler):
    """One request: noted, then answered as commanded."""

    server: "HttpReceiver"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(self.command, self.path, headers, body))
        self.close_connection = True
        command = self.server.commands.popleft() if self.server.commands else Answer()
        if isinstance(command, Answer):
            self.answer(command)
        elif command == HANG:
            self.server.closing.wait()
        elif command == TRICKLE:
            self.trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
        elif command == TRICKLED_HEADERS:
            self.trickle(b"HTTP/1.1 200 OK\r\nX: ")

    do_GET = do_POST = handle_any

    def answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in ({"Content-Length": str(len(answer.body))} | answer.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def trickle(self, beginning: bytes) -> None:
        """Send byte after byte, each of them in good time."""
        self.wfile.write(beginning)
        try:
            while not self.server.closing.wait(0.02):
                self.wfile.write(b"x")
        except OSError:  # the other side has had enough
            return

    def log_message(self, *args: Any) -> None:
        pass


class HttpReceiver(ThreadingHTTPServer):
    """An HTTP server that keeps what it received; `commands` are used up, one a request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", free_port()), Exchange)
        self.received: list[Received] = []
        self.commands: deque[Answer | str] = deque()
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up is what some tests are about."""


@contextmanager
def serving[S: Any](server: S) -> Iterator[S]:
    """Let a server answer, in a thread; its `closing` ends what hangs."""
    with server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()


def http_receiver() -> AbstractContextManager[HttpReceiver]:
    """Run an HTTP receiver."""
    return serving(HttpReceiver())


class MailReceiver:
    """An SMTP server that keeps what it received; `replies` are used up, one a message."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.replies: deque[str] = deque()
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def port(self) -> int:
        return self.controller.port

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.replies:
            return self.replies.popleft()
        message: Any = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.received.append(message)
        return "250 OK"


@contextmanager
def mail_receiver() -> Iterator[MailReceiver]:
    """Run a mail server."""
    receiver = MailReceiver()
    receiver.controller.start()
    try:
        yield receiver
    finally:
        receiver.controller.stop()
