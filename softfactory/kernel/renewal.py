"""A release without a gap: gunicorn's master turns into the new one, and old workers make room.

The master has loaded the site, and its workers are forks: what none of them writes to is in memory
once. So new workers have new code only if the master has. On `kill -HUP` it runs itself anew, in
the same process and on the same sockets, while the workers that it had go on answering. They leave
when a new one is ready.

Between the old master and the new nobody listens to signals, and most would end the process: they
wait until the new one does.
"""

import fcntl
import os
import signal
import subprocess  # nosec B404
import sys
from contextlib import suppress
from typing import Any

import psutil

# systemd's protocol for handing over sockets, which gunicorn understands.
FIRST_SOCKET = 3
PATIENCE = 120  # seconds for code to load
ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

_ELDERS = "SOFTFACTORY_ELDERS"

#: The workers that this very process had before it ran itself anew.
elders = frozenset(map(int, os.environ.pop(_ELDERS, "").split()))


def attend(server: Any) -> None:
    """Heed signals, and first those that came while the site was loaded.

    gunicorn's own answer to HUP would read the new configuration into the old code.
    """

    def end(number: int, frame: Any) -> None:
        server.is_ending = True
        server.signal(number, frame)

    server.is_ending = False
    for number in ENDS:
        signal.signal(number, end)
    server.handle_hup = lambda: renew(server)
    _heed_signals(server)


def renew(server: Any) -> None:
    """Become the server of the code as it is now. Returns if that does not load, or it ends."""
    try:
        tried = subprocess.run(  # nosec B603
            trial(), check=False, capture_output=True, text=True, timeout=PATIENCE
        )
        if not tried.returncode:
            _begin_anew(server)
            return
        why = tried.stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    server.log.error("The new code does not load, the old one goes on.\n%s", why)


def trial() -> list[str]:
    """The command that loads what the server would, and ends."""
    return [*_command(), "--check-config"]


def _command() -> list[str]:
    return [sys.executable, *sys.orig_argv[1:]]


def _begin_anew(server: Any) -> None:
    """Run the server's command in this process; signals wait meanwhile. Returns if it ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, server.SIGNALS)
    try:
        if not server.is_ending:
            _hand_over([listener.fileno() for listener in server.LISTENERS])
            if server.pidfile is not None:
                server.pidfile.unlink()
            os.environ[_ELDERS] = " ".join(str(it.pid) for it in psutil.Process().children())
            os.chdir(server.START_CTX["cwd"])
            os.execv(sys.executable, _command())  # nosec B606
    finally:
        _heed_signals(server)


def _heed_signals(server: Any) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, server.SIGNALS)


def _hand_over(sockets: list[int]) -> None:
    """Leave these sockets open at the places where they are looked for."""
    for socket in sockets:
        os.set_inheritable(socket, False)
    beyond = FIRST_SOCKET + len(sockets)
    apart = [fcntl.fcntl(socket, fcntl.F_DUPFD_CLOEXEC, beyond) for socket in sockets]
    for place, socket in enumerate(apart, FIRST_SOCKET):
        os.dup2(socket, place, inheritable=True)
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(sockets))}


def dismiss_elders() -> None:
    """Ask the workers of the old code to finish what they do and leave; a new one can."""
    for sibling in psutil.Process(os.getppid()).children():
        if sibling.pid in elders:
            with suppress(psutil.NoSuchProcess):  # it left since; another new one asked it to
                sibling.terminate()
