"""A real WordPress on loopback: MariaDB, PHP's own web server, and somebody who may publish."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.programs import running
from tests.site import ROOT, free_port

FILES = ROOT / "tests" / "peers" / "wordpress"
DEBIAN = Path("/usr/share/wordpress")


class WordPressSite(NamedTuple):
    """One that runs. `author` may publish, `contributor` may not."""

    address: str
    author: dict[str, str]
    contributor: dict[str, str]

    def ask(self, route: str) -> Any:
        """Return what anybody may see."""
        with urlopen(f"{self.address}/?rest_route=/wp/v2/{route}") as answer:
            return json.load(answer)

    def status_of(self, url: str) -> int:
        """Return whether a page is there."""
        try:
            with urlopen(url) as answer:
                return answer.status
        except HTTPError as error:
            return error.code


@contextmanager
def wordpress(folder: Path) -> Iterator[WordPressSite]:
    """Run one, with all it has in this folder."""
    for name in ("mariadbd", "mariadb", "mariadb-install-db", "php"):
        if shutil.which(name) is None or not DEBIAN.exists():
            pytest.fail(f"{name} or wordpress is not installed (bin/peers install)")
    db_port, port = free_port(), free_port()
    site = folder / "site"
    shutil.copytree(DEBIAN, site, symlinks=False, ignore=shutil.ignore_patterns("wp-config.php"))
    shutil.copy(FILES / "wp-config.php", site)
    address = f"http://127.0.0.1:{port}"
    env = os.environ | {"DB_PORT": str(db_port), "SITE": address, "PHP_CLI_SERVER_WORKERS": "6"}
    with _database(folder / "db", db_port):
        install = ["php", str(FILES / "install.php"), str(site)]
        author, contributor = _run(install, env=env).split("\n")[-3:-1]
        with running(
            ["php", "-S", f"127.0.0.1:{port}", "-t", str(site)],
            log=folder / "php.log",
            env=env,
            is_ready=lambda: _answers(address),
        ):
            yield WordPressSite(
                address,
                {"username": "ben", "app_password": author},
                {"username": "cho", "app_password": contributor},
            )


@contextmanager
def _database(folder: Path, port: int) -> Iterator[None]:
    folder.mkdir()
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    _run(
        [
            *("mariadb-install-db", "--no-defaults", f"--datadir={folder}", "--skip-test-db"),
            *("--auth-root-authentication-method=normal", *as_root),
        ]
    )
    socket = folder / "my.sock"
    serve = [
        *("mariadbd", "--no-defaults", f"--datadir={folder}", f"--socket={socket}", *as_root),
        *("--bind-address=127.0.0.1", f"--port={port}", f"--pid-file={folder / 'my.pid'}"),
    ]
    ask = ["mariadb", "--no-defaults", "-uroot", "-S", str(socket), "-e"]
    with running(
        serve,
        log=folder.parent / "mariadb.log",
        is_ready=lambda: _succeeds([*ask, "select 1"]),
    ):
        user = "create user wp@'127.0.0.1' identified by 'wp'; grant all on wp.* to wp@'127.0.0.1'"
        _run([*ask, f"create database wp; {user}"])
        yield


def _run(command: Sequence[str], env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _answers(url: str) -> bool:
    try:
        urlopen(url).close()
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True
