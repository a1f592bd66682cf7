"""A site of its own for one test: real server processes on a throw-away database."""

import atexit
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
GIVE_UP = 120  # seconds; only what hangs takes so long, on a machine however busy
PORTS = range(20_000, 32_000)

_leftovers = ExitStack()
atexit.register(_leftovers.close)


class Answer(NamedTuple):
    """What the server said; `status` 0 means that the connection broke."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """gunicorn on loopback, as the demo runs it, with its own database, folder and variables."""

    def __init__(self, folder: Path, database_url: str, **variables: str) -> None:
        self.root = ROOT
        self.port = free_port()
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "softfactory.settings",
            "SOFTFACTORY_DEMO": "1",
            "DEBUG": "0",
            "RATE_LIMITS": "off",
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "WEB_THREADS": "4",
            **variables,
        }
        self.env.pop("SECRET_KEY", None)
        self.log = folder / "server.log"
        self.server: subprocess.Popen | None = None

    def manage(self, *arguments: str) -> str:
        """Run a management command; returns what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, env=self.env, cwd=self.root, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout

    def shell(self, script: str) -> str:
        """Run Python in the site's own surroundings; returns what it printed."""
        return self.manage("shell", "--verbosity", "0", "-c", script)

    def race(self, scripts: Sequence[str]) -> int:
        """Run these at once; return how many of them were killed. None may fail."""
        running = [
            subprocess.Popen(
                [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", script],
                env=self.env,
                cwd=self.root,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for script in scripts
        ]
        for process in running:
            _out, errors = process.communicate(timeout=GIVE_UP)
            if process.returncode not in (0, -signal.SIGKILL) or b"Traceback" in errors:
                raise RuntimeError(f"One that raced failed:\n{errors.decode()}")
        return sum(process.returncode == -signal.SIGKILL for process in running)

    def start(self, *, before: Sequence[str] = ()) -> None:
        """Start the server, by way of the command `before`, and wait until it answers."""
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [*before, sys.executable, "-m", "gunicorn", "softfactory.wsgi"],
                env=self.env,
                cwd=self.root,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + GIVE_UP
        while self.call("GET", "/api/health").status != 200:
            if time.monotonic() > deadline or self.server.poll() is not None:
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask the server to end, and wait until it has."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(GIVE_UP)
            self.server = None

    def kill(self) -> None:
        """Kill master and workers at once, with no time to tidy up."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request on a connection of its own."""
        return ask(f"127.0.0.1:{self.port}", method, path, body, token=token, headers=headers)

    def ask_repeatedly(self, path: str, times: int) -> int:
        """GET the path over one kept connection; return how many answers were 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVE_UP)
        answered = 0
        for _ in range(times):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            answered += response.status == 200
        connection.close()
        return answered


def ask(
    address: str,
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str = "",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send one request to `host:port`, on a connection of its own."""
    sent = {"Content-Type": "application/json"} | (headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    connection = http.client.HTTPConnection(address, timeout=GIVE_UP)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, sent)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    except (OSError, http.client.HTTPException):
        return Answer(0, {}, b"")
    finally:
        connection.close()


def free_port() -> int:
    """A port for this process alone, until it ends; below those of clients' own connections.

    Whoever holds the UDP port of a number holds the number. So two processes of a run never choose
    the same one, even while nobody listens on it yet, or between a kill and the next start.
    """
    for port in PORTS:
        claim = socket.socket(type=socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            claim.close()
        else:
            atexit.register(claim.close)
            return port
    raise RuntimeError("No port is free.")


@contextmanager
def throw_away_database(vendor: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a database of this kind, migrated and empty, that is gone afterwards."""
    template = _migrated(vendor)
    if vendor == "sqlite":
        file = folder / "faults.sqlite3"
        shutil.copyfile(_name_of(template), file)
        yield f"sqlite:///{file}"
        return
    with _database(template=_name_of(template)) as url:
        yield url


@cache
def _migrated(vendor: str) -> str:
    """Migrate a database for this process's others to be copied from: it takes a while."""
    folder = Path(_leftovers.enter_context(TemporaryDirectory()))
    url = f"sqlite:///{folder / 'template.sqlite3'}"
    if vendor != "sqlite":
        url = _leftovers.enter_context(_database(template="template1"))
    Site(folder, url).manage("migrate", "--verbosity", "0")
    return url


def _name_of(url: str) -> str:
    """The file, or the name on its server."""
    return urlsplit(url).path.removeprefix("/")


@contextmanager
def _database(*, template: str) -> Iterator[str]:
    """Yield the URL of a copy of a database of the server of DATABASE_URL."""
    server = os.environ["DATABASE_URL"]
    name = f"faults_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            # WITH (FORCE) would be refused while the server's own autovacuum looks at it.
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend'",
                [name],
            )
            admin.execute(f"DROP DATABASE {name}")


def tidy() -> None:
    """Remove what databases were copied from. A process that ends does so by itself."""
    _leftovers.close()
    _migrated.cache_clear()
