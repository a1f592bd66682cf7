"""db_worker: runs background tasks, and logs under the id of the request that each came from."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from softfactory.kernel.background import Worker
from softfactory.kernel.checks import START


class Command(db_worker.Command):
    """django-tasks-db's command with our worker, which it offers no setting for."""

    requires_system_checks = (START,)

    def handle(self, **options: Any) -> None:
        db_worker.Worker = Worker
        super().handle(**options)
