"""The numbers in a mapped file: all processes of a machine see them at the speed of memory.

The file is a hash table of slots. A slot is three words of eight bytes, each of which is read and
written at once: the digest of a name; its number, or the mark of a writer; and when that was known
to be so, in milliseconds of the machine's monotonic clock, which all its processes share.

Writers take turns by a lock on the file, and write the number before the time. Readers take no
lock, and read the time before the number: they may take what holds for unknown, never the reverse.
"""

import fcntl
import hashlib
import itertools
import logging
import mmap
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from softfactory.kernel.db.shared import FRESH_SECONDS, Watch

SLOTS = 1 << 18  # each chef and each user with a token takes one
WORDS = 3  # of a slot
NUMBER, KNOWN_AT = 1, 2  # which word is what; the first one is the name
PROBES = 32  # slots that a name may lie away from its place

# A mark: this bit, the milliseconds when it was made, and whose it is.
MARKED = 1 << 63
OWNER_BITS = 20
FRESH_MS = FRESH_SECONDS * 1000

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

logger = logging.getLogger(__name__)

_marks = itertools.count()


class MappedNumbers:
    """The copies of one database's numbers, for the processes that write below one folder."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        self._database = database
        self._table: _Table | None = None
        self._opening = threading.Lock()
        self._process = 0

    def watch(self, numbers: Mapping[str, int]) -> Watch:
        table = self._open()
        if table is None:
            return lambda: False
        words = table.words
        wanted = []
        for name, number in numbers.items():
            place = table.find(name)
            if place is None:
                return lambda: False
            wanted.append((place + NUMBER, place + KNOWN_AT, number))

        def holds() -> bool:
            oldest = _now() - FRESH_MS
            for number_at, known_at, number in wanted:
                if words[known_at] < oldest or words[number_at] != number:
                    return False
            return True

        return holds

    def known(self, names: Iterable[str]) -> Mapping[str, int] | None:
        table = self._open()
        if table is None:
            return None
        words, oldest = table.words, _now() - FRESH_MS
        found = {}
        for name in names:
            place = table.find(name)
            if place is None or words[place + KNOWN_AT] < oldest:
                return None
            number = words[place + NUMBER]  # read after the time, as `holds` does
            if number & MARKED:
                return None
            found[name] = number
        return found

    def learn(self, numbers: Mapping[str, int], asked: float) -> None:
        asked_ms = int(asked * 1000)
        with self._writing(numbers) as places:
            for words, place, number in places:
                since = _marked_at(words[place + NUMBER])
                is_known = words[place + KNOWN_AT] >= asked_ms
                is_marked = since is not None and since + FRESH_MS > asked_ms
                if not is_known and not is_marked:
                    words[place + NUMBER] = number
                    words[place + KNOWN_AT] = asked_ms

    def refresh(self, numbers: Mapping[str, int], asked: float) -> None:
        if table := self._open():
            placed = {n: number for n, number in numbers.items() if table.has_room_for(n)}
            self.learn(placed, asked)

    def remember(self, numbers: Mapping[str, int], asked: float) -> None:
        # Where all have a slot, they may have come from here, and say nothing new.
        table = self._open()
        if table is not None and not all(map(table.has_room_for, numbers)):
            self.learn(numbers, asked)

    def mark(self, numbers: Mapping[str, int]) -> "_Mark":
        owner = (os.getpid() * 7919 + next(_marks)) % (1 << OWNER_BITS)
        word = MARKED | _now() << OWNER_BITS | owner
        with self._writing(numbers) as places:
            for words, place, _number in places:
                words[place + NUMBER] = word
        return _Mark(self, numbers, word)

    def settle(self, mark: "_Mark") -> None:
        """Put the numbers in the place of this mark; another writer's mark stays."""
        now = _now()
        with self._writing(mark.numbers) as places:
            for words, place, number in places:
                current = words[place + NUMBER]
                if current == mark.word or (not current & MARKED and current < number):
                    words[place + NUMBER] = number
                    words[place + KNOWN_AT] = now

    def forget(self) -> None:
        table = self._open()
        if table is not None:
            with table.locked():
                never = memoryview(bytes(SLOTS * 8)).cast("Q")
                table.words[KNOWN_AT::WORDS] = never

    @contextmanager
    def _writing(self, numbers: Mapping[str, int]) -> Iterator[list[tuple[memoryview, int, int]]]:
        """Yield what is to be written where, while nobody else writes."""
        table = self._open()
        if table is None:
            yield []
            return
        found = [(table.take(name), number) for name, number in numbers.items()]
        with table.locked():
            yield [(table.words, place, number) for place, number in found if place is not None]

    def _open(self) -> "_Table | None":
        if self._process != os.getpid():  # a fork's lock would be its parent's
            with self._opening:
                if self._process != os.getpid():
                    self._table = self._opened()
                    self._process = os.getpid()
        return self._table

    def _opened(self) -> "_Table | None":
        try:
            boot = BOOT_ID.read_text().strip()
            digest = hashlib.blake2s(self._database.encode(), digest_size=6).hexdigest()
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._folder.iterdir():
                if not path.name.startswith(boot):  # its clock has stopped
                    path.unlink(missing_ok=True)
            return _Table(self._folder / f"{boot}-{digest}")
        except OSError:
            logger.warning("%s can't be used: every answer asks the database", self._folder)
            return None


class _Mark(NamedTuple):
    copies: MappedNumbers
    numbers: Mapping[str, int]
    word: int

    def settle(self) -> None:
        self.copies.settle(self)


class _Table:
    """The file as words, and where in it each name lies."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        size = SLOTS * WORDS * 8
        # Written beforehand: a mapped file that finds its disk full would kill its process.
        os.posix_fallocate(self._file, 0, size)
        mapped = mmap.mmap(self._file, size)
        if hasattr(mmap, "MADV_RANDOM"):  # else each look maps the fifteen pages around it too
            mapped.madvise(mmap.MADV_RANDOM)
        self.words = memoryview(mapped).cast("Q")
        self._places: dict[str, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes, and other threads of this one, from writing."""
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def find(self, name: str) -> int | None:
        """Return the first word of the name's slot, None if it has none."""
        with suppress(KeyError):
            return self._places[name]
        digest = _digest(name)
        place = self._probe(digest)
        if place is None or self.words[place] != digest:
            return None
        self._places[name] = place
        return place

    def take(self, name: str) -> int | None:
        """Return the first word of the name's slot, a new one if it has none; None if all are."""
        place = self.find(name)
        if place is not None:
            return place
        with self.locked():
            place = self._probe(_digest(name))
            if place is not None:
                self.words[place] = _digest(name)
        return place

    def has_room_for(self, name: str) -> bool:
        """Tell whether it has a slot, or may have one: of what is no key's there is little."""
        _group, _colon, key = name.partition(":")
        return key in ("", "*") or self.find(name) is not None

    def _probe(self, digest: int) -> int | None:
        """Return the slot of this digest, or else the one that it would take."""
        for step in range(PROBES):
            place = (digest + step) % SLOTS * WORDS
            if self.words[place] in (digest, 0):
                return place
        return None


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) or 1


def _now() -> int:
    return int(time.monotonic() * 1000)


def _marked_at(word: int) -> int | None:
    return (word & ~MARKED) >> OWNER_BITS if word & MARKED else None
