"""The queue of background tasks, each of which remembers the request that it came from."""

from typing import Any

import django_tasks_db
from django.tasks.base import Task
from django_tasks_db.compat import normalize_json

from softfactory.kernel import trace

#: Beside `args` and `kwargs` in a task's row.
ORIGIN = "request_id"


class DatabaseBackend(django_tasks_db.DatabaseBackend):
    """django-tasks-db's queue. A task's row knows its request, the request's trace its tasks."""

    def _task_to_db_task(self, task: Task, args: Any, kwargs: Any) -> Any:
        from django_tasks_db.models import DBTaskResult

        current = trace.current()
        asked = {"args": args, "kwargs": kwargs}
        row = DBTaskResult.objects.create(
            id=self._get_id(),
            args_kwargs=normalize_json(asked | {ORIGIN: current.request_id} if current else asked),
            priority=task.priority,
            task_path=task.module_path,
            queue_name=task.queue_name,
            run_after=task.run_after,  # type: ignore[misc]
            backend_name=self.alias,
        )
        if current:
            current.tasks.append(str(row.pk))
        return row
