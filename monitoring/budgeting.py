"""What a budget is made of, and the targets that hold for the site as a whole."""

from typing import NamedTuple


class Targets(NamedTuple):
    """What holds for the site as a whole."""

    average_ms: float = 50
    p95_ms: float = 150
    query_ms: float = 5
    queries_of_public_page: int = 2
    page_load_ms: float = 1000
    first_paint_ms: float = 800
    interactive_ms: float = 1000
    users: int = 1000
    memory_mb: float = 300
    hit_rate: float = 80  # percent of cached reads
    error_rate: float = 0.1  # percent of answers


TARGETS = Targets()


class Budget(NamedTuple):
    """What one endpoint may cost: at most so many queries (cold) and bytes as sent (by br).

    `hit_rate` is the least share, in percent, of a cached read's answers that are not made anew.
    """

    queries: int
    bytes: int
    average_ms: float = TARGETS.average_ms
    p95_ms: float = TARGETS.p95_ms
    hit_rate: float | None = None


def cached(queries: int, size: int, **times: float) -> Budget:
    """Return the budget of a cached read."""
    return Budget(queries, size, hit_rate=TARGETS.hit_rate, **times)


#: Checking a password takes its time, so that nobody tries many.
SLOW = {"average_ms": 100, "p95_ms": 300}

#: What comes instead of a redirect, where a form can't be accepted.
FORM_BYTES = 6_000


class PageBudget(NamedTuple):
    """What opening a page may take in a browser that has nothing of it yet, its files included.

    `bytes` are as sent, `requests` include the page itself, `blocking_scripts` keep it from being
    drawn; the times hold where nothing else uses the computer.
    """

    bytes: int
    requests: int
    bytes_without_pictures: int = 60_000
    blocking_scripts: int = 0
    layout_shift: float = 0.02  # 0.1 is what people begin to notice
    first_paint_ms: float = TARGETS.first_paint_ms
    interactive_ms: float = TARGETS.interactive_ms
    load_ms: float = TARGETS.page_load_ms
