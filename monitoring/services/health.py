"""Whether the site can do its work: one question per thing it stands on."""

import logging
import uuid
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tasks_db.models import DBTaskResult

from softfactory.kernel.registry import guards

logger = logging.getLogger(__name__)


def readiness() -> dict[str, bool]:
    """Return what the site stands on, by name, each with whether it stands."""
    return {name: _holds(name, question) for name, question in QUESTIONS.items()}


def _holds(name: str, question: Callable[[], bool]) -> bool:
    try:
        return question()
    except Exception:  # whatever is wrong with it, it does not stand
        logger.exception("%s is not ready", name)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache_keeps() -> bool:
    key, value = f"ready-{uuid.uuid4().hex}", uuid.uuid4().hex
    cache.set(key, value, timeout=5)
    return cache.get(key) == value


def _queue_is_there() -> bool:
    return DBTaskResult.objects.ready().count() >= 0


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _guards_stand() -> bool:
    return all(stands() for _key, stands in guards.items())


QUESTIONS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "cache": _cache_keeps,
    "tasks": _queue_is_there,
    "migrations": _is_migrated,
    "guards": _guards_stand,
}
