"""What goes on beside requests: the clock does what is due, the worker what was left for later.

Both may run in one process, each in a thread of its own: they mostly wait.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import close_old_connections, connections
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from softfactory.kernel import clock, trace
from softfactory.kernel.registry import due
from softfactory.kernel.tasks import ORIGIN

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds between two rounds of the clock


def do_what_is_due(now: datetime, *, is_over: Callable[[], bool] = lambda: False) -> list[str]:
    """Call what the apps registered as due; one that fails keeps none of the others from its turn,
    unless it `is_over` by then.

    Returns the keys of those that failed.
    """
    failed = []
    for key, work in due.items():
        if is_over():
            break
        try:
            done = work(now)
        except Exception:
            logger.exception("%s failed", key)
            failed.append(key)
        else:
            if done:
                logger.debug("%s: %d", key, done)
    return failed


class Clock:
    """Does what is due, again and again."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.is_set():
            do_what_is_due(clock.now(), is_over=self._stopped.is_set)
            close_old_connections()
            self._stopped.wait(PAUSE)

    def stop(self) -> None:
        """Let what is at work now be the last."""
        self._stopped.set()


class Worker(db_worker.Worker):
    """django-tasks-db's worker. Whatever a task says and asks belongs to its request."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        origin = db_task_result.args_kwargs.get(ORIGIN) or f"task-{db_task_result.pk}"
        token = trace.begin(origin)
        try:
            super().run_task(db_task_result)
        finally:
            trace.end(token)

    def stop(self) -> None:
        """Let the present task be the last."""
        self.running = False


class Background:
    """Clock and worker, each in a thread. If one of them ends by itself, both are over."""

    def __init__(self) -> None:
        self._parts = (Clock(), _any_worker())
        self._threads = [
            threading.Thread(target=_logged, args=(part.run,), daemon=True) for part in self._parts
        ]

    def start(self) -> None:
        _keep_few_pages()
        for thread in self._threads:
            thread.start()

    def is_running(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Let both finish what they are at."""
        for part in self._parts:
            part.stop()

    def has_ended(self, within: float) -> bool:
        """Wait so many seconds for both to have finished; tells whether they have."""
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))
        return not any(thread.is_alive() for thread in self._threads)


def _any_worker() -> Worker:
    """Return a worker as the command makes it when it is told nothing."""
    return Worker(
        queue_names=[DEFAULT_TASK_QUEUE_NAME],
        excluded_queue_names=[],
        interval=1,
        batch=False,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=True,
        max_tasks=None,
        worker_id=get_random_string(32),
    )


def _logged(run: Callable[[], None]) -> None:
    try:
        run()
    except Exception:
        logger.exception("The background ends")
    finally:
        connections.close_all()


def _keep_few_pages() -> None:
    """Let connections made from now on map none of a database, if it is SQLite's."""
    for database in connections.settings.values():
        if "init_command" in database["OPTIONS"]:
            database["OPTIONS"]["init_command"] += f";{settings.SQLITE_FEW_PAGES}"
