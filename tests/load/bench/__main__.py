"""Measures the target table: `make bench`, `make bench ONLY="warm cold"`.

CPU time is that of the servers' processes for each request. Both sides run at the same time and
are asked in turns; the middle one of the rounds is shown. docs/guide/measuring.md says how to read
it. Ends with 1 when a target was missed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.load.bench import coherence, topics
from tests.load.bench.comparing import Comparison, Line, in_turns, line_of
from tests.load.bench.printed import table
from tests.load.bench.servers import Ground
from tests.load.bench.serving import Absent

ROUNDS = 5
COMPARED = {
    topic.__name__: topic
    for topic in (
        *(topics.warm, topics.unchanged, topics.redis, topics.nginx),
        *(topics.cold, topics.cold_postgresql, topics.explore, topics.own),
        *(topics.booking, topics.booking_postgresql),
    )
}

ALONE = {
    topic.__name__: topic
    for topic in (
        *(coherence.coherence, coherence.coherence_redis),
        *(topics.clients, topics.measuring),
    )
}
TOPICS = COMPARED | ALONE


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="TOPIC", help=", ".join(TOPICS))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="write the lines to this file too")
    asked = parser.parse_args()
    if unknown := set(asked.only) - TOPICS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; topics: {', '.join(TOPICS)}")
    return asked


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="softfactory-bench-") as name, ExitStack() as stack:
        lines = list(measured(Ground(Path(name), stack), asked.only or list(TOPICS), asked.rounds))
        print(table(lines))
        if asked.json:
            asked.json.write_text(json.dumps([line.as_json() for line in lines], indent=1) + "\n")
    sys.exit(1 if any(line.passed is False for line in lines) else 0)


def measured(ground: Ground, wanted: Sequence[str], rounds: int) -> Iterator[Line]:
    """Prepare what is wanted, measure all that is compared in turns, then the rest."""
    print("Preparing sites and peers …", file=sys.stderr, flush=True)
    comparisons: list[Comparison] = []
    absent: list[Line] = []
    for name in wanted:
        try:
            comparisons += COMPARED[name](ground) if name in COMPARED else ()
        except Absent as reason:
            absent.append(Line(name, "", "", f"left out: {reason}", None, "", None))
    ground.bare.start()
    for comparison, found in zip(comparisons, in_turns(comparisons, rounds), strict=True):
        yield line_of(comparison, found)
        yield from comparison.further(found)
    for name in wanted:
        try:
            yield from ALONE[name](ground) if name in ALONE else ()
        except Absent as reason:
            absent.append(Line(name, "", "", f"left out: {reason}", None, "", None))
    yield from absent


if __name__ == "__main__":
    main()
