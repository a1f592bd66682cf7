"""The worker of the server: it answers requests, or one of them does what goes on beside these."""

import sys
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

LOOKS_EVERY = 1  # seconds, at whether it is to end


class ServerWorker(ThreadWorker):
    """gunicorn's worker with threads. The server starts it anew if it ends, whatever it does."""

    is_background = False

    def run(self) -> None:
        if self.is_background:
            self._work_beside()
        else:
            super().run()

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End at once, but for a task that is begun."""
        if self.is_background:
            self.handle_exit(sig, frame)
        else:
            super().handle_quit(sig, frame)

    def _work_beside(self) -> None:
        """Be clock and worker until told to end, or until the server is gone."""
        from softfactory.kernel.background import Background  # which needs the site, loaded by now

        background = Background()
        background.start()
        while background.is_running() and self.alive and self.is_parent_alive():
            self.notify()
            time.sleep(LOOKS_EVERY)
        is_well = background.is_running()
        background.stop()
        while not background.has_ended(within=LOOKS_EVERY) and self.is_parent_alive():
            self.notify()
        sys.exit(0 if is_well else 1)
