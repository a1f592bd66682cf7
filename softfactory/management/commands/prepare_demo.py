"""Readies the demo in one start of Python: migrates what is behind, fills what is empty."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from softfactory.accounts.models import User
from softfactory.demo.people import FIRST_CUSTOMERS, PASSWORD, STAFF_MEMBER, owner_of
from softfactory.demo.profiles import PROFILES


class Command(BaseCommand):
    """`make serve` calls this before the server starts; a second time it changes nothing."""

    help = "Migrate the database when it is behind, fill it when it is empty, show the sign-ins."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for the demo. Set SOFTFACTORY_DEMO=1, or run `make serve`.")
        if is_behind():
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        if not User.objects.exists():
            self.stdout.write("Writing the demo's content …")
            call_command("seed_demo", stdout=StringIO())  # the welcome says it shorter
        self.stdout.write(self._welcome())

    def _welcome(self) -> str:
        people = [FIRST_CUSTOMERS[0], owner_of(0, PROFILES[0]), STAFF_MEMBER]
        sign_ins = [f"  {person.role:<9} {person.email:<28} {PASSWORD}" for person in people]
        return "\n".join(["", f"SoftFactory: {settings.SITE_URL}", "", *sign_ins, ""])


def is_behind() -> bool:
    """Tell whether a migration waits; cheaper than `migrate`, which also looks at permissions."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
