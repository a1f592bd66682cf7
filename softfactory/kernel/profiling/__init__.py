"""Named profiles of the views and services that matter, seen in silk; nothing at all without it."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings


def profiled[**P, R](name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let silk show under `name` how long each call took, and its queries.

    Without `SILK=1` the function itself comes back: there is nothing to pay.
    """
    if not settings.SILK:
        return _as_it_is

    from softfactory.kernel.profiling.profiles import profile

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with profile(name, work):
                return work(*args, **kwargs)

        return run

    return decorate


def _as_it_is[F: Callable](work: F) -> F:
    return work
