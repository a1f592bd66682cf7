"""From when on a request is slow: as its endpoint's budget says, or one number for all."""

from functools import lru_cache

from django.conf import settings

from softfactory.kernel.registry import slow_from

USUAL_MS = 500  # of what nobody has a budget for


def is_slow(method: str, route: str, seconds: float) -> bool:
    """Tell whether an answer of this endpoint took longer than it should."""
    limit = settings.SLOW_REQUEST_MS
    return seconds * 1000 >= (_limit_of(method, route) if limit is None else limit)


@lru_cache(maxsize=2_000)  # of all endpoints; any method may be asked for
def _limit_of(method: str, route: str) -> float:
    said = (limit(method, route) for _key, limit in slow_from.items())
    return min((ms for ms in said if ms is not None), default=USUAL_MS)
