"""run_background: the clock and a worker in one process, so that what both load is there once.

If one of them ends, so does the other, and whoever started the command starts it again.
"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from softfactory.kernel.background import Background
from softfactory.kernel.checks import START


class Command(BaseCommand):
    """Run what is due, and what waits."""

    requires_system_checks = (START,)
    help = "Run the clock and a worker in one process."

    def handle(self, **_options: Any) -> None:
        told_to_stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: told_to_stop.set())
        background = Background()
        background.start()
        while background.is_running() and not told_to_stop.wait(1):
            pass
        background.stop()
        while not background.has_ended(within=1):
            pass
        if not told_to_stop.is_set():
            raise CommandError("Clock or worker ended by itself, see the log.")
