"""Radicale itself on loopback, with one user, and the `caldav` library as that user's program."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.peers.radicale_client import PASSWORD, USERNAME
from tests.programs import running
from tests.site import ROOT, free_port

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
CLIENT = ROOT / "tests" / "peers" / "radicale_client.py"


class Radicale(NamedTuple):
    """One that runs."""

    address: str

    def client(self, what: str, sent: str = "") -> Any:
        """Let the user's program do something."""
        done = subprocess.run(
            [PYTHON, CLIENT, self.address, what],
            input=sent,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Run one, with all it has in this folder."""
    if not PYTHON.exists():
        pytest.fail("radicale is not installed (VENV=.venv-peers bin/bootstrap peers)")
    port = free_port()
    (folder / "users").write_text(f"{USERNAME}:{PASSWORD}\n")
    config = folder / "config"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\n"
        "htpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder / 'data'}\n"
    )
    address = f"http://127.0.0.1:{port}/"
    command = [str(PYTHON), "-m", "radicale", "--config", str(config)]
    with running(command, log=folder / "radicale.log", is_ready=lambda: _answers(address)):
        yield Radicale(address)


def _answers(address: str) -> bool:
    try:
        urlopen(f"{address}.web/").close()
    except (URLError, OSError):
        return False
    return True
