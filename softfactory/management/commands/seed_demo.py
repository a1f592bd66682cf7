"""seed_demo: fills the database with the demo's people, chefs, bookings and products."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from softfactory.demo.seed import OtherContent, SeedResult, seed
from softfactory.kernel import clock

SHOWN = 3  # Ana, Ben and Dee


class Command(BaseCommand):
    """Write the demo's content; a second run with the same sizes and seed writes nothing."""

    help = "Fill the database with demo content. With the same sizes and seed again: no change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=int, default=24, help="customers (default 24)")
        parser.add_argument("--chefs", type=int, default=32, help="chefs (default 32)")
        parser.add_argument("--bookings", type=int, default=600, help="bookings (default 600)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other content")
        parser.add_argument("--json", action="store_true", help="print who and what, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Demo content has passwords and tokens that everybody knows. "
                "Set SOFTFACTORY_DEMO=1 to write it, on a database that holds nothing else."
            )
        sizes = {name: options[name] for name in ("users", "chefs", "bookings")}
        if min(sizes.values()) < 0:
            raise CommandError("A size is a number from 0 up.")
        try:
            result = seed(**sizes, seed=options["seed"], now=clock.now())
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OtherContent as error:
            raise CommandError(
                "This database holds demo content of another seed or of smaller sizes. "
                "Empty it first (delete the file under var/, or point DATABASE_URL elsewhere)."
            ) from error
        if options["json"]:
            self.stdout.write(_as_json(result))
        elif options["verbosity"]:
            self.stdout.write(_as_text(result))


def _as_json(result: SeedResult) -> str:
    """Return users and chefs; names stay out, they are no part of the contract."""
    users = [asdict(user) for user in result.users]
    for user in users:
        del user["name"]
    return json.dumps({"users": users, "chefs": [asdict(chef) for chef in result.chefs]})


def _as_text(result: SeedResult) -> str:
    """Return a short table of who can sign in."""
    rows = [("who", "e-mail address", "password", "token")]
    rows += [(user.role, user.email, user.password, user.token) for user in result.users[:SHOWN]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    counts = f"{len(result.users)} users and {len(result.chefs)} chefs"
    title = f"Demo content: {counts}" + ("." if result.is_new else ", as before.")
    return "\n".join([title, "", *lines])
