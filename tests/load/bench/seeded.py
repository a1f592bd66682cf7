"""The site with demo content, as it runs for a measurement."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tests.load.bench import cpu
from tests.load.bench.serving import Server
from tests.open_chefs import free_starts, open_chefs
from tests.site import ROOT, Site

SIZES = ("--users", "200", "--chefs", "200", "--bookings", "20000")
PEOPLE = "people.json"
OPEN_CHEFS = 12
SETTLE = """
from bookings.models import Chef
Chef.objects.filter(pk__in=%(made)s).update(created_at="2020-01-01T00:00:00+00:00")
Chef.objects.filter(pk=%(hidden)s).update(is_active=False)
"""


class Seeded:
    """A running site with demo content, a dozen chefs to book at any time, and who moves it."""

    def __init__(self, folder: Path, stack: ExitStack, database_url: str, **env: str) -> None:
        self._stack = stack
        self.folder = folder
        # One machine, unless a Redis is named here: not the one that the tests may use.
        own = {"TRUSTED_PROXIES": "127.0.0.1", "REDIS_URL": ""} | env
        self.site = Site(folder, database_url, **own)

    def fill(self) -> Self:
        self.site.manage("migrate", "--verbosity", "0")
        (self.folder / PEOPLE).write_text(self.site.manage("seed_demo", *SIZES, "--json"))
        return self

    def start(self) -> Self:
        self._stack.callback(self.site.kill)
        self.site.start()
        return self

    @property
    def server(self) -> Server:
        return Server(self.site.port, cpu.family(self.site.server.pid), self.backends)

    @cached_property
    def backends(self) -> Callable[[], list[int]]:
        parts = urlsplit(self.site.env["DATABASE_URL"])
        return list if parts.scheme == "sqlite" else cpu.backends(parts.path.lstrip("/"))

    @cached_property
    def people(self) -> dict[str, Any]:
        return json.loads((self.folder / PEOPLE).read_text())

    def tokens(self, role: str) -> list[str]:
        return [user["token"] for user in self.people["users"] if user["role"] == role]

    def free_starts(self) -> Iterator[dict[str, Any]]:
        """Yield what books one free start after another, none of which overlap."""
        return free_starts(self.open_chefs)

    def move(self) -> None:
        """Let what is kept of chefs be of yesterday: commit a write to a chef whom nobody sees."""
        self._mover.stdin.write("\n")
        self._mover.stdin.flush()
        self._mover.stdout.readline()

    @cached_property
    def _mover(self) -> subprocess.Popen:
        mover = subprocess.Popen(
            [sys.executable, "-m", "tests.load.bench.mover", str(self.hidden_chef)],
            env=self.site.env,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._stack.callback(mover.communicate)
        return mover

    def settle(self) -> Self:
        """Make the chefs who work around the clock, the oldest of all: lists show the others."""
        owner = self.tokens("chef")[0]
        hidden, *self.open_chefs = open_chefs(self.site.call, owner, OPEN_CHEFS + 1)
        self.hidden_chef = hidden
        made = [hidden, *self.open_chefs]
        self.site.manage("shell", "-v0", "-c", SETTLE % {"made": made, "hidden": hidden})
        return self
