"""What is measured, as running servers: the site on its databases, and its peers beside it."""

import base64
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from functools import cache, cached_property
from http.client import responses
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.load.bench import cpu, wire
from tests.load.bench.seeded import PEOPLE, Seeded
from tests.load.bench.serving import Absent, Server, serving
from tests.load.stand import PATH, nginx_command
from tests.site import ROOT, Site, free_port, throw_away_database

PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SQLITE = "site.sqlite3"

# Of an answer's headers, those that gunicorn writes by itself.
OF_THE_SERVER = {"server", "date", "connection"}


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
        return self._copied("redis", REDIS_URL=self._redis_url).start()

    @cached_property
    def four_workers(self) -> Seeded:
        """A site of four processes, on a copy of the database."""
        return self._copied("four-workers", WEB_CONCURRENCY="4").start()

    @cached_property
    def machines(self) -> list[Seeded]:
        """Two sites in folders of their own, which have a database and a Redis in common."""
        first = self._copied("machine-1", REDIS_URL=self._redis_url)
        folder, url = self._inside("machine-2"), first.site.env["DATABASE_URL"]
        second = Seeded(folder, self._stack, url, REDIS_URL=self._redis_url)
        return [first.start(), second.start()]

    @cached_property
    def _redis_url(self) -> str:
        redis = shutil.which("redis-server")
        if redis is None:
            raise Absent("redis-server is not installed")
        folder, port = self._inside("redis-server"), free_port()
        command = [redis, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--dir", str(folder)]
        self._stack.enter_context(serving(command, os.environ, folder / "redis.log", port))
        return f"redis://127.0.0.1:{port}/0"

    def _copied(self, name: str, **env: str) -> Seeded:
        folder = self._inside(name)
        with closing(sqlite3.connect(self.sqlite.folder / SQLITE)) as database:
            database.execute("VACUUM INTO ?", [str(folder / SQLITE)])
        shutil.copy(self.sqlite.folder / PEOPLE, folder)
        return Seeded(folder, self._stack, f"sqlite:///{folder / SQLITE}", **env)

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
