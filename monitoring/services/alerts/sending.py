"""Sending several things at once, so that a receiver that hangs keeps none of the others waiting.

Whatever is sent was loaded before: these threads ask the database nothing.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from monitoring.gateways import Undelivered

logger = logging.getLogger(__name__)


def try_all[Thing](
    send: Callable[[Thing], None], things: Sequence[Thing]
) -> list[Undelivered | None]:
    """Send each thing, and return for each why it did not arrive; None if it did."""

    def attempt(thing: Thing) -> Undelivered | None:
        try:
            send(thing)
        except Undelivered as failure:
            return failure
        except Exception as error:  # ours; the others are recorded all the same
            logger.exception("%s could not be sent", thing)
            return Undelivered(type(error).__name__)
        return None

    if not things:
        return []
    with ThreadPoolExecutor(len(things)) as threads:
        return list(threads.map(attempt, things))
