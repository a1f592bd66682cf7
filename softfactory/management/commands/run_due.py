"""run_due: everything whose time has come. Safe to run any number of times, anywhere, at once."""

import signal
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from softfactory.kernel import clock
from softfactory.kernel.background import PAUSE, Clock, do_what_is_due
from softfactory.kernel.checks import START


class Command(BaseCommand):
    """Call what the apps registered as due."""

    requires_system_checks = (START,)
    help = "Do everything whose time has come: expired holds, unanswered requests, pruning."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="act as if it were this instant, e.g. 2027-03-28T09:00Z")
        parser.add_argument("--loop", action="store_true", help=f"again every {PAUSE} seconds")

    def handle(self, **options: Any) -> None:
        if options["loop"]:
            self._loop()
        elif failed := do_what_is_due(self._instant(options["now"])):
            raise CommandError(f"Failed, see the log: {', '.join(failed)}.")

    def _instant(self, text: str | None) -> datetime:
        if text is None:
            return clock.now()
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise CommandError("--now takes an instant such as 2027-03-28T09:00:00Z.") from None
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)

    def _loop(self) -> None:
        loop = Clock()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.stop())
        loop.run()
