"""performance_baseline: measures every endpoint on a site of its own, and what changed since."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monitoring.services.baselines.comparing import compare, gone, regressions
from monitoring.services.baselines.taking import Baseline, NotMeasured, take_baseline
from monitoring.services.baselines.telling import as_markdown, changes_as_markdown
from monitoring.visits import VISITS
from softfactory.kernel import clock


class Command(BaseCommand):
    """Print and keep what every endpoint costs; exit with 1 if one costs more than before."""

    help = "Measure every endpoint on a throw-away copy of the site, and compare with a baseline."
    requires_system_checks = ()  # they are about the site here, which is left alone

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compare", type=Path, metavar="FILE", help="a baseline of before")
        parser.add_argument(
            "--measured", type=Path, metavar="FILE", help="compare this one instead"
        )
        parser.add_argument("--output", type=Path, help="default: var/baselines/<UTC>.json")
        parser.add_argument("--format", choices=["markdown", "json"], default="markdown")
        parser.add_argument("--rounds", type=int, default=7)
        parser.add_argument("--requests", type=int, default=5, help="of each endpoint in a round")
        parser.add_argument("--route", nargs="+", default=[""], help="parts of endpoints' names")
        parser.add_argument("--users", type=int, default=200)
        parser.add_argument("--chefs", type=int, default=200)
        parser.add_argument("--bookings", type=int, default=5_000)

    def handle(self, **options: Any) -> None:
        before = _read(options["compare"]) if options["compare"] else None
        measured = options["measured"]
        baseline = _read(measured) if measured else self._taken(**options)
        is_json = options["format"] == "json"
        if before is None:
            self.stdout.write(json.dumps(baseline) if is_json else as_markdown(baseline))
            return
        try:
            changes = compare(before, baseline)
        except ValueError as error:
            raise CommandError(f"These baselines can't be compared. {error}") from error
        if options["route"] == [""]:
            changes += gone(before, baseline)
        if is_json:
            told = [change._asdict() for change in changes]
            self.stdout.write(json.dumps({"baseline": baseline, "changes": told}))
        else:
            self.stdout.write(f"{as_markdown(baseline)}\n\n{changes_as_markdown(changes)}")
        if worse := regressions(changes):
            raise CommandError("\n".join([f"{len(worse)} worse:", *map(str, worse)]))

    def _taken(self, **options: Any) -> Baseline:
        """Measure, and write the file."""
        names = [name for name in VISITS if any(part in name for part in options["route"])]
        if not names:
            raise CommandError("No endpoint is named so. `monitoring/budgets.py` has their names.")
        if min(options[name] for name in ("rounds", "requests", "users", "chefs", "bookings")) < 1:
            raise CommandError("Rounds, requests and sizes are numbers from 1 up.")
        now = clock.now()
        sizes = {name: options[name] for name in ("users", "chefs", "bookings")}
        self.stderr.write(f"Measuring {len(names)} endpoints on a site of its own …")
        try:
            baseline = take_baseline(
                names, sizes=sizes, rounds=options["rounds"], requests=options["requests"], now=now
            )
        except NotMeasured as error:
            raise CommandError(str(error)) from error
        stamp = f"{now:%Y%m%dT%H%M%SZ}.json"
        path = options["output"] or settings.VAR_DIR / "baselines" / stamp
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(baseline, indent=1) + "\n")
        self.stderr.write(f"{path}")
        return baseline


def _read(path: Path) -> Baseline:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is no baseline: {error}") from error
