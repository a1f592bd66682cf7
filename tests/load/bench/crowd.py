"""Many people on kept connections, who read for a second before they ask again.

    python -m tests.load.bench.crowd PORT PEOPLE SECONDS < requests.json

Each asks for one of the requests (a JSON list of texts) at random. Prints what they met as JSON:
seconds to each answer, and how many failed. A process of its own, so that its clock is not late.
"""

import asyncio
import json
import random
import resource
import sys
from collections import Counter

from tests.load.bench import wire

THINKS = (0.5, 1.5)  # seconds, one on average
COMING = 4  # seconds until everybody is there; nothing is counted before
PATIENCE = 30  # seconds


class Crowd:
    """What all of them share: what to ask for, and what they met."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self.port, self.requests = port, requests
        self.seconds: list[float] = []
        self.failures: Counter[str] = Counter()
        self.is_counted = False

    async def come(self, people: int, seconds: float) -> None:
        """Let them come one after the other, stay, and go."""
        loop = asyncio.get_running_loop()
        present = []
        for _person in range(people):
            _transport, person = await loop.create_connection(
                lambda: Person(self), "127.0.0.1", self.port
            )
            present.append(person)
            await asyncio.sleep(COMING / people)
        self.is_counted = True
        await asyncio.sleep(seconds)
        for person in present:
            person.leave()

    def failed(self, why: str) -> None:
        self.failures[why] += self.is_counted

    def answered(self, status: int, seconds: float) -> None:
        if status != 200:
            self.failed(str(status))
        elif self.is_counted:
            self.seconds.append(seconds)


class Person(asyncio.Protocol):
    """One connection: asks, waits for the answer, thinks, asks again."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        size = wire.length(self._received)
        if size is not None and len(self._received) >= size:
            self._timer.cancel()
            status = wire.status(self._received)
            self._crowd.answered(status, self._loop.time() - self._asked_at)
            self._timer = self._loop.call_later(random.uniform(*THINKS), self._ask)

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._crowd.failed("connection lost")

    def leave(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._transport.abort()

    def _ask(self) -> None:
        self._received, self._asked_at = b"", self._loop.time()
        self._timer = self._loop.call_later(PATIENCE, self._give_up)
        self._transport.write(random.choice(self._crowd.requests))

    def _give_up(self) -> None:
        self._crowd.failed("no answer")
        self._timer = None
        self._transport.abort()


def main() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    port, people, seconds = map(int, sys.argv[1:])
    crowd = Crowd(port, [request.encode() for request in json.load(sys.stdin)])
    asyncio.run(crowd.come(people, seconds))
    print(json.dumps({"seconds": crowd.seconds, "failures": crowd.failures}))


if __name__ == "__main__":
    main()
