"""Ways of doing the same, measured in turns and told side by side."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

ROUNDS = 7

type Way = Callable[[], object]


def costs(
    ways: Mapping[str, Way], *, times: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Return the microseconds of each way, the median of interleaved rounds."""
    spent: dict[str, list[float]] = defaultdict(list)
    for way in ways.values():
        way()
    for _round in range(ROUNDS):
        for name, way in ways.items():
            begun = clock()
            for _ in range(times):
                way()
            spent[name].append((clock() - begun) / times * 1e6)
    return {name: statistics.median(rounds) for name, rounds in spent.items()}


def table(title: str, heads: str, rows: Iterator[tuple]) -> None:
    print(f"\n## {title}\n\n| {heads} |")
    print("|" + "---|" * (heads.count("|") + 1))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def compared(measured: Mapping[str, float], **more: Mapping[str, object]) -> Iterator[tuple]:
    """Yield each way with its figure, what else is known of it, and how it compares."""
    first = next(iter(measured.values()))
    for name, cost in measured.items():
        yield name, *(known[name] for known in more.values()), f"{cost:.0f}", f"{cost / first:.3g}"
