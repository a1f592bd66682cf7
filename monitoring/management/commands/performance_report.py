"""performance_report: writes what was measured as one HTML page, or as Markdown."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monitoring.services.reports.making import make_report
from monitoring.services.reports.markdown import as_markdown
from monitoring.services.reports.page import as_page
from softfactory.kernel import clock

FORMATS = {"html": as_page, "markdown": as_markdown}


class Command(BaseCommand):
    """Write the report on baselines, load runs, audits and history."""

    help = (
        "Write a report on what was measured: baselines, load runs and Lighthouse's results in"
        " VAR_DIR, and the history of the last days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="html")
        parser.add_argument("--output", help="the file; - for standard output")
        parser.add_argument("--days", type=int, default=7, help="of history (7)")
        parser.add_argument("--results", type=Path, default=settings.VAR_DIR, help="VAR_DIR")

    def handle(self, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError("--days is less than 1. Say how many days of history to show.")
        now = clock.now()
        report = make_report(folder=options["results"], now=now, days=options["days"])
        text = FORMATS[options["format"]](report)
        if options["output"] == "-":
            self.stdout.write(text)
            return
        ending = {"html": "html", "markdown": "md"}[options["format"]]
        default = settings.VAR_DIR / "reports" / f"{now:%Y%m%dT%H%M%SZ}.{ending}"
        path = Path(options["output"] or default)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror}.") from error
        self.stdout.write(str(path))
