"""What a piece of work asks of the database, as the trace of a request hears of it."""

from collections.abc import Callable

from softfactory.kernel import trace


def asked_in(work: Callable[[], object]) -> list[str]:
    """Return the words of all that this asks, each as one round trip."""
    token = trace.begin("request")
    try:
        work()
        return [query.sql for query in trace.current().queries]
    finally:
        trace.end(token)
