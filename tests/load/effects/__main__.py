"""Prepares a site, and measures the topics that are asked for."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.load.bench.seeded import SIZES
from tests.load.effects import answers, queries, storage
from tests.site import Site

TOPICS: dict[str, Callable[[Path], None]] = {
    topic.__name__: topic
    for topic in (
        *(storage.journals, storage.pragmas, storage.connections, storage.time_out),
        *(queries.indexes, queries.lists),
        *(answers.compression, answers.cached_reads),
    )
}


def main() -> None:
    asked = sys.argv[1:] or TOPICS
    if unknown := set(asked) - TOPICS.keys():
        sys.exit(f"There is no {', '.join(unknown)}. Topics: {', '.join(TOPICS)}.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder, f"sqlite:///{folder / 'effects.sqlite3'}", LOG_REQUESTS="0")
        site.manage("migrate", "--verbosity", "0")
        site.manage("seed_demo", *SIZES)
        os.environ.update(site.env)
        import django

        django.setup()
        for topic in asked:
            TOPICS[topic](folder)


if __name__ == "__main__":
    main()
