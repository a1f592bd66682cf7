"""A breaker in front of what may be away: it is let be, and asked now and then if it is back."""

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Breaker:
    """Lets calls through until one fails; from then on one in `pause` seconds, until one succeeds.

    `failures` are the errors that mean absence. The first of them is raised for calls that are not
    let through.
    """

    def __init__(
        self, name: str, failures: tuple[type[Exception], ...], *, pause: float = 1.0
    ) -> None:
        self.name = name
        self._failures = failures
        self._pause = pause
        self._lock = threading.Lock()
        self._is_away = False
        self._next_try = 0.0

    def call[**P, R](self, command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the command. Raises the first of `failures` at once while it is let be."""
        if not self._admits():
            raise self._failures[0](f"{self.name} did not answer a moment ago.")
        try:
            result = command(*args, **kwargs)
        except self._failures as error:
            self.note_failure(error)
            raise
        self._is_away = False
        return result

    def note_failure(self, error: Exception) -> None:
        """Let it be from now on, since it failed elsewhere."""
        with self._lock:
            if not self._is_away:
                logger.warning("%s does not answer, the site goes on without: %s", self.name, error)
            self._is_away = True
            self._next_try = time.monotonic() + self._pause

    def _admits(self) -> bool:
        if not self._is_away:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + self._pause
            return True
