"""run_background: the clock, and a worker forked from it, so that what both load is there once.

If one of them ends, so does the other, and whoever started the command starts it again.
"""

import ctypes
import gc
import logging
import os
import signal
from typing import Any, NoReturn

from django.core.management import call_command, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from monitoring.services.roles import take_role
from softfactory.kernel.checks import START

logger = logging.getLogger(__name__)

WORKER = "db_worker"

# Source: prctl(2) of Linux.
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    """Run what is due here, and what waits in a process beside this one."""

    requires_system_checks = (START,)
    help = "Run the clock and a worker, in two processes that share what they load."

    def handle(self, **_options: Any) -> None:
        load_command_class("softfactory", WORKER)
        connections.close_all()
        gc.collect()
        gc.freeze()  # the collector would write into what both share
        worker = _forked()
        signal.signal(signal.SIGCHLD, lambda *_: _end_with(worker))
        call_command("run_due", loop=True)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if _has_ended(worker):
            raise CommandError("The worker ended by itself, see the log.")
        os.kill(worker, signal.SIGTERM)
        os.waitpid(worker, 0)


def _end_with(worker: int) -> None:
    """Stop the clock, if it is the worker that has ended."""
    if _has_ended(worker):
        os.kill(os.getpid(), signal.SIGTERM)


def _has_ended(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _forked() -> int:
    """Return the id of a process that is a worker."""
    child = os.fork()
    if not child:
        _work()
    return child


def _work() -> NoReturn:
    """Be a worker, out of reach of the terminal: told twice to stop, it would do so amid a task."""
    status = 1
    try:
        os.setpgid(0, 0)
        _end_with_parent()
        take_role(WORKER)
        call_command(WORKER)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        logger.exception("The worker failed")
    finally:
        logging.shutdown()
        os._exit(status)


def _end_with_parent() -> None:
    """Be told to stop when the parent is gone, however that happened; Linux alone does so."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
