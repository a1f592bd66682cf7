"""warm_cache: the site on this machine makes its public pages before somebody asks for them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.services.caches.warming import CHEFS, warm


class Command(BaseCommand):
    """Ask every web process of this machine, and print how many answers are warm."""

    help = "Let every web process of this machine make its public pages, as after a release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chefs", type=int, default=CHEFS, help=f"whose pages too ({CHEFS})")

    def handle(self, **options: Any) -> None:
        if options["chefs"] < 0:
            raise CommandError("--chefs is less than 0. Say of how many chefs to make the pages.")
        warmed = warm(chefs=options["chefs"], tell=self._tell)
        if not warmed.processes:
            raise CommandError("The site does not run on this machine. Start it, then warm it.")
        self.stderr.write("")
        self.stdout.write(f"{warmed.items} answers are warm in {warmed.processes} processes.")

    def _tell(self, done: int, total: int) -> None:
        """Show each hundredth, on one line."""
        if done * 100 // total != (done - 1) * 100 // total:
            self.stderr.write(f"\r{done * 100 // total} %", ending="")
            self.stderr.flush()
