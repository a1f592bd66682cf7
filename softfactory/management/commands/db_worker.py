"""db_worker: runs background tasks, and logs under the id of the request that each came from."""

from typing import Any

from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from softfactory.kernel import trace
from softfactory.kernel.checks import START
from softfactory.kernel.tasks import ORIGIN


class Worker(db_worker.Worker):
    """django-tasks-db's worker. Whatever a task says and asks belongs to its request."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        origin = db_task_result.args_kwargs.get(ORIGIN) or f"task-{db_task_result.pk}"
        token = trace.begin(origin)
        try:
            super().run_task(db_task_result)
        finally:
            trace.end(token)


class Command(db_worker.Command):
    """django-tasks-db's command with the worker above, which it offers no setting for."""

    requires_system_checks = (START,)

    def handle(self, **options: Any) -> None:
        db_worker.Worker = Worker
        super().handle(**options)
