"""Requests' stories: which are kept, how they are written behind the requests' backs and read."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from monitoring.models import RequestStory
from monitoring.services.queries import note_queries
from softfactory.kernel.db.batches import insert_batch
from softfactory.kernel.slowness import is_slow
from softfactory.kernel.trace import Query, grouped
from softfactory.kernel.writer import Writer

KEPT = timedelta(days=7)
MOST_KEPT = 50_000  # stories
AT_ONCE = 1_000  # are forgotten in one turn

PAUSE = 2  # seconds that a story may wait
MOST_WAITING = 2_000

MOST_QUERIES = 100  # different ones of one request that are kept
MOST_SQL = 4_000  # characters of each
MOST_OF_ONE_ID = 20  # stories that are shown

WARNINGS = frozenset({"warning", "error", "critical"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Why = RequestStory.Why


class Told(NamedTuple):
    """What a request leaves when it is answered."""

    at: float
    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    database_seconds: float
    user_id: int | None
    queries: Sequence[Query]
    places: Mapping[str, str]
    lines: Sequence[Mapping[str, str]]
    tasks: Sequence[str]

    @property
    def instant(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


def why_kept(told: Told) -> str | None:
    """Return why this request's story is kept, None if it is not."""
    if told.status >= 500:
        return Why.FAILED
    if is_slow(told.method, told.route, told.seconds):
        return Why.SLOW
    if any(line["level"] in WARNINGS for line in told.lines):
        return Why.WARNED
    if told.method not in SAFE_METHODS:
        return Why.WRITE
    if random.random() * 100 < settings.STORY_PERCENT:  # nosec B311
        return Why.SAMPLED
    return None


def tell(told: Told) -> None:
    """Leave the story to be written, if it is kept, or shows a slow or repeated query."""
    why = why_kept(told)
    if why or told.places:
        stories.put((told, why))


def write(batch: list[tuple[Told, str | None]]) -> None:
    """Write the stories that are kept, and note the queries of all."""
    try:
        with transaction.atomic():
            insert_batch(RequestStory, [_row(told, why) for told, why in batch if why])
            note_queries([told for told, _why in batch if told.places])
    finally:
        if not connection.in_atomic_block:
            connection.close()  # a thread that is quiet keeps none of the pool's


stories: Writer[tuple[Told, str | None]] = Writer(
    "request stories", write, pause=PAUSE, most=MOST_WAITING
)


def _row(told: Told, why: str) -> dict[str, Any]:
    queries = grouped(told.queries, told.places)
    return {
        "request_id": told.request_id,
        "at": told.instant,
        "method": told.method[:20],
        "route": told.route[:200],
        "status": told.status,
        "duration_ms": round(told.seconds * 1000, 1),
        "db_ms": round(told.database_seconds * 1000, 1),
        "user_id": told.user_id,
        "why": why,
        "query_count": len(told.queries),
        "queries": [query | {"sql": query["sql"][:MOST_SQL]} for query in queries[:MOST_QUERIES]],
        "lines": told.lines,
        "tasks": told.tasks,
    }


@dataclass(frozen=True, slots=True)
class Task:
    """A task that a request enqueued, as it stands now; `forgotten` if its row is gone."""

    id: str
    path: str = ""
    status: str = "forgotten"
    enqueued_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What one request did, and what became of its tasks."""

    request_id: str
    at: datetime
    method: str
    route: str
    status: int
    duration_ms: float
    db_ms: float
    user_id: int | None
    why: str
    query_count: int
    queries: list[dict[str, Any]]
    lines: list[dict[str, str]]
    tasks: list[Task]


def stories_of(request_id: str) -> list[Story]:
    """Return the stories of the requests with this id, the newest first; mostly one or none."""
    rows = list(RequestStory.objects.of(request_id)[:MOST_OF_ONE_ID])
    found = DBTaskResult.objects.in_bulk({task_id for row in rows for task_id in row.tasks})
    tasks = {str(pk): _task(result) for pk, result in found.items()}
    return [_story(row, tasks) for row in rows]


def _story(row: RequestStory, tasks: Mapping[str, Task]) -> Story:
    values = {field.name: getattr(row, field.name) for field in fields(Story)}
    return Story(**values | {"tasks": [tasks.get(pk, Task(pk)) for pk in row.tasks]})


def _task(result: DBTaskResult) -> Task:
    return Task(
        id=str(result.pk),
        path=result.task_path,
        status=result.status.lower(),
        enqueued_at=result.enqueued_at,
        started_at=result.started_at,
        finished_at=result.finished_at,
    )


def forget_old_stories(now: datetime) -> int:
    """Delete what is older than a week, or beyond the most that is kept; return how many."""
    old = RequestStory.objects.older_than(now - KEPT)
    pks = list(old.values_list("pk", flat=True)[:AT_ONCE])
    if not pks:
        newest = RequestStory.objects.order_by("-pk").values_list("pk", flat=True)
        pks = list(newest[MOST_KEPT : MOST_KEPT + AT_ONCE])
    return RequestStory.objects.filter(pk__in=pks).delete()[0] if pks else 0
