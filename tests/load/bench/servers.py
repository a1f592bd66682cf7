"""What is measured, as running servers: the site on its databases, and its peers beside it."""

import base64
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime, timedelta
from datetime import time as midnight
from functools import cache, cached_property
from http.client import responses
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from softfactory.kernel import clock
from tests.load.bench import cpu, wire
from tests.load.stand import PATH, nginx_command
from tests.programs import running
from tests.site import ROOT, Site, free_port, throw_away_database

SIZES = ("--users", "200", "--chefs", "200", "--bookings", "20000")
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SQLITE, PEOPLE = "site.sqlite3", "people.json"
OPEN_CHEFS = 12
BOOKERS = 8
SETTLE = """
from bookings.models import Chef
Chef.objects.filter(pk__in=%(made)s).update(created_at="2020-01-01T00:00:00+00:00")
Chef.objects.filter(pk=%(hidden)s).update(is_active=False)
"""

# Of an answer's headers, those that gunicorn writes by itself.
OF_THE_SERVER = {"server", "date", "connection"}


class Server(NamedTuple):
    """Something that answers on a port, and the processes that do its work."""

    port: int
    pids: Callable[[], list[int]]
    database: Callable[[], list[int]] = list


class Absent(Exception):
    """Something that is needed is not on this machine; the message says what."""


def serving(
    command: Sequence[str], env: Mapping[str, str], log: Path, port: int
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Run a server until the end of the block; it has a listener when the block begins."""
    return running(command, log=log, is_ready=lambda: _listens(port), env=env, folder=ROOT)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


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

    def free_starts(self) -> Iterator[tuple[int, str]]:
        """Yield chefs who work around the clock and starts of theirs, none of which overlap."""
        first = datetime.combine(clock.now().date(), midnight(), tzinfo=UTC)
        for day in range(3, 80):
            for hour in range(0, 24, 2):
                starts_at = first + timedelta(days=day, hours=hour)
                yield from ((chef, starts_at.isoformat()) for chef in self.open_chefs)

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
        hidden, *self.open_chefs = [self._open_chef(owner, n) for n in range(OPEN_CHEFS + 1)]
        self.hidden_chef = hidden
        made = [hidden, *self.open_chefs]
        self.site.manage("shell", "-v0", "-c", SETTLE % {"made": made, "hidden": hidden})
        return self

    def _open_chef(self, owner: str, number: int) -> int:
        rate = {"amount": 10_000, "currency": "KRW"}
        rates = dict.fromkeys(("hourly_rate", "session_rate", "price_per_guest"), rate)
        body = {"name": f"Open {number}", "cuisine": "Korean", "location": "Seoul", **rates}
        made = self.site.call("POST", "/api/coocook/chefs", body | {"timezone": "UTC"}, token=owner)
        chef = made.json()["id"]
        hours = {
            "timezone": "UTC",
            "rules": [{"weekday": d, "starts_at": "00:00", "ends_at": "00:00"} for d in range(7)],
            "exceptions": [],
            "buffer_before_minutes": 0,
            "buffer_after_minutes": 0,
            "minimum_notice_minutes": 0,
            "horizon_days": 90,
            "durations": [2],
            "slot_step_minutes": 30,
        }
        path = f"/api/coocook/chefs/{chef}/availability"
        self.site.call("PUT", path, hours, token=owner, headers={"If-Match": "*"})
        return chef


class Bare:
    """Bare WSGI, which answers with what the site answered when it was asked for it here."""

    def __init__(self, folder: Path, stack: ExitStack, env: Mapping[str, str]) -> None:
        self._folder, self._stack = folder, stack
        self._env = env | {"PORT": str(free_port()), "BARE_ANSWERS": str(folder / "answers.json")}
        self._answers: dict[str, Any] = {}
        self._process: subprocess.Popen | None = None

    @property
    def server(self) -> Server:
        return Server(int(self._env["PORT"]), self._pids)

    def learn(self, answer: wire.Answer, *, headers: bool = True) -> str:
        """Return the path under which it gives this answer, or its body and no more headers."""
        kept = [
            (name, value)
            for name, value in answer.headers
            if name.lower() not in OF_THE_SERVER
            and (headers or name.lower() in {"content-type", "content-length"})
        ]
        path = f"/{len(self._answers)}"
        body = base64.b64encode(answer.body).decode()
        reason = f"{answer.status} {responses[answer.status]}"
        self._answers[path] = (reason, kept, body)
        return path

    def start(self) -> None:
        """Start it, once it has learnt everything."""
        if not self._answers:
            return
        Path(self._env["BARE_ANSWERS"]).write_text(json.dumps(self._answers))
        command = _gunicorn(sys.executable, "tests.load.peers.bare")
        port = int(self._env["PORT"])
        server = serving(command, self._env, self._folder / "bare.log", port)
        self._process = self._stack.enter_context(server)

    def _pids(self) -> list[int]:
        return cpu.family(self._process.pid)()


def _gunicorn(python: str | Path, application: str) -> list[str]:
    return [str(python), "-m", "gunicorn", "--config", "tests/load/peers/served.py", application]


class Ground:
    """Everything that comparisons stand on; started when it is first asked for."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self.usual = cache(self._usual)
        self.nginx = cache(self._nginx)
        self.fast = cache(self._fast)

    @cached_property
    def sqlite(self) -> Seeded:
        folder = self._inside("sqlite")
        return Seeded(folder, self._stack, f"sqlite:///{folder / SQLITE}").fill().start().settle()

    @cached_property
    def postgresql(self) -> Seeded:
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            raise Absent("set DATABASE_URL to a PostgreSQL server")
        folder = self._inside("postgresql")
        url = self._stack.enter_context(throw_away_database("postgresql", folder))
        # Nothing stands in between: the server may prepare statements, as it does for SQLAlchemy.
        url += "?prepare_threshold=5"
        return Seeded(folder, self._stack, url).fill().start().settle()

    @cached_property
    def redis(self) -> Seeded:
        """A site that shares its cache through a Redis of its own, on a copy of the database."""
        redis = shutil.which("redis-server")
        if redis is None:
            raise Absent("redis-server is not installed")
        folder, port = self._inside("redis"), free_port()
        command = [redis, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--dir", str(folder)]
        self._stack.enter_context(serving(command, os.environ, folder / "redis.log", port))
        with closing(sqlite3.connect(self.sqlite.folder / SQLITE)) as database:
            database.execute("VACUUM INTO ?", [str(folder / SQLITE)])
        shutil.copy(self.sqlite.folder / PEOPLE, folder)
        url = f"sqlite:///{folder / SQLITE}"
        return Seeded(folder, self._stack, url, REDIS_URL=f"redis://127.0.0.1:{port}/0").start()

    @cached_property
    def bare(self) -> Bare:
        folder = self._inside("bare")
        return Bare(folder, self._stack, Site(folder, "sqlite://").env)

    def _usual(self, seeded: Seeded) -> tuple[Server, Iterator[str]]:
        """Return the usual Django project on the site's database, and tokens of its customers."""
        env = self._peer_env(seeded)
        made = subprocess.check_output(
            [PEERS_PYTHON, "-m", "tests.load.peers.usual.prepare"], env=env, cwd=ROOT
        )
        command = _gunicorn(PEERS_PYTHON, "tests.load.peers.usual.wsgi")
        return self._peer(seeded, "usual", command, env), cycle(json.loads(made)["tokens"])

    def _fast(self, seeded: Seeded) -> Server:
        """Return FastAPI on the site's database."""
        env = self._peer_env(seeded)
        command = [str(PEERS_PYTHON), "-m", "uvicorn", "--no-access-log", "--port", env["PORT"]]
        command += ["--workers", env["WEB_CONCURRENCY"], "tests.load.peers.fast:app"]
        return self._peer(seeded, "fast", command, env)

    def _nginx(self, seeded: Seeded) -> Server:
        """Return the shipped nginx in front of the site, both counted."""
        nginx = shutil.which("nginx", path=PATH)
        if nginx is None:
            raise Absent("nginx is not installed")
        port = free_port()
        folder = self._folder / f"nginx-{port}"
        command = nginx_command(nginx, folder, port=port, upstream=seeded.site.port)
        server = serving(command, os.environ, folder / "nginx.log", port)
        process = self._stack.enter_context(server)
        both = (cpu.family(process.pid), seeded.server.pids)
        return Server(port, lambda: [pid for pids in both for pid in pids()])

    def _peer(self, seeded: Seeded, name: str, command: list[str], env: dict[str, str]) -> Server:
        port = int(env["PORT"])
        server = serving(command, env, seeded.folder / f"{name}.log", port)
        process = self._stack.enter_context(server)
        return Server(port, cpu.family(process.pid), seeded.backends)

    def _peer_env(self, seeded: Seeded) -> dict[str, str]:
        if not PEERS_PYTHON.exists():
            raise Absent("VENV=.venv-peers bin/bootstrap peers installs it")
        own = {"PORT": str(free_port()), "VAR_DIR": str(seeded.folder / "peers")}
        return seeded.site.env | own | {"DJANGO_SETTINGS_MODULE": "tests.load.peers.usual.settings"}

    def _inside(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir()
        return folder
