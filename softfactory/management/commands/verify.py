"""verify: counts the violations of every invariant of every app."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from softfactory.kernel.registry import invariants


class Command(BaseCommand):
    """Print each invariant with its violations; exit 1 if there are any."""

    help = "Count the violations of every invariant; exit 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help='{"violations": {name: n}}')

    def handle(self, **options: Any) -> None:
        violations = {name: count() for name, count in invariants.items()}
        if options["json"]:
            self.stdout.write(json.dumps({"violations": violations}))
        else:
            for name, count in violations.items():
                self.stdout.write(f"{count:>8}  {name}")
        if any(violations.values()):
            raise CommandError("Something that must always be true is not.", returncode=1)
