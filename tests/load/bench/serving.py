"""Something that runs and answers on a port."""

import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from tests.programs import running
from tests.site import ROOT


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
