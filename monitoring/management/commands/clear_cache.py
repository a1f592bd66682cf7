"""clear_cache: lets what is kept be made anew, all of it or some."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.services.caches.clearing import clear_all, clear_prefix, clear_tag
from softfactory.kernel.problems import DomainError


class Command(BaseCommand):
    """Clear everything, a tag, or what lies below an address; print what moved."""

    help = "Let cached answers be made anew, on all workers and machines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--tag", help="a group, such as chefs, or one key: calendar:12")
        only.add_argument("--prefix", help="an address, such as /api/coocook/chefs")

    def handle(self, **options: Any) -> None:
        tag, prefix = options["tag"], options["prefix"]
        try:
            moved = _cleared(tag, prefix)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write("\n".join(moved))


def _cleared(tag: str | None, prefix: str | None) -> list[str]:
    if tag is not None:
        return clear_tag(tag)
    return clear_all() if prefix is None else clear_prefix(prefix)
