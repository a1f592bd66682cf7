"""A client for many requests over few kept connections, with as little of its own as can be."""

import re
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

GIVE_UP = 60  # seconds without any answer
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
NO_BODY = (204, 304)


class Answer(NamedTuple):
    """What a server sent; the body as it came, encoded or not."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Asked(NamedTuple):
    """How long answers took, in seconds, and how many of each status there were."""

    seconds: list[float]
    statuses: Counter[int]


def written(
    method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return a request as it goes over the wire."""
    sent = {"Host": "localhost", **(headers or {})}
    if body:
        sent |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join([*lines, "\r\n"]).encode() + body


def length(received: bytes) -> int | None:
    """Return how long the answer is that begins like this; None while its head is incomplete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    if status(received) in NO_BODY:
        return end + 4
    if found := LENGTH.search(received, 0, end):
        return end + 4 + int(found[1])
    raise ValueError(f"an answer of unknown length: {received[:end]!r}")


def status(received: bytes) -> int:
    return int(received[9:12])


def parsed(received: bytes) -> Answer:
    """Return a complete answer in its parts."""
    head, _gap, body = received.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:]]
    return Answer(status(received), [(name, value) for name, _colon, value in lines], body)


def ask_once(port: int, request: bytes) -> Answer:
    """Send one request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=GIVE_UP) as opened:
        opened.sendall(request)
        received = b""
        while (size := length(received)) is None or len(received) < size:
            if not (more := opened.recv(1 << 18)):
                raise ConnectionError(f"closed after {received!r}")
            received += more
    return parsed(received)


class Client:
    """Some connections to one server; each sends its next request when it has been answered."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._sockets = [self._connect() for _ in range(connections)]

    def close(self) -> None:
        for opened in self._sockets:
            opened.close()

    def ask(self, count: int, request: Callable[[], bytes]) -> Asked:
        """Send so many requests in all, each made by a call just before it goes."""
        asked = Asked([], Counter())
        left = count
        begun: dict[socket.socket, float] = {}
        received: dict[socket.socket, bytes] = {}
        idle = deque(self._sockets)
        with selectors.DefaultSelector() as selector:
            for opened in self._sockets:
                selector.register(opened, selectors.EVENT_READ)
            while left or begun:
                while left and idle:
                    opened = idle.popleft()
                    sent = request()
                    received[opened], begun[opened] = b"", time.perf_counter()
                    opened.sendall(sent)
                    left -= 1
                ready = selector.select(GIVE_UP)
                if not ready:
                    raise TimeoutError(f"port {self._port} does not answer")
                for key, _events in ready:
                    opened = key.fileobj
                    if self._read(opened, received):
                        asked.seconds.append(time.perf_counter() - begun.pop(opened))
                        asked.statuses[status(received[opened])] += 1
                        idle.append(opened)
        return asked

    def _read(self, opened: socket.socket, received: dict[socket.socket, bytes]) -> bool:
        """Take what came; returns whether the answer is complete."""
        if not (more := opened.recv(1 << 18)):
            raise ConnectionError(f"port {self._port} closed a kept connection")
        whole = received[opened] = received[opened] + more
        size = length(whole)
        return size is not None and len(whole) >= size

    def _connect(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port), timeout=GIVE_UP)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
