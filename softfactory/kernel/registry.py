"""What a higher app lends to a lower one: typed registries, filled when the apps are ready.

Nothing else flows upward: there are no signals and no event bus.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string


class Registry[F: Callable]:
    """One function per key, in the order of registration."""

    def __init__(self) -> None:
        self._functions: dict[str, F] = {}

    def register(self, key: str, function: F) -> None:
        """Add `function` under `key`; a key is taken once."""
        if key in self._functions:
            raise ValueError(f"{key!r} is registered already.")
        self._functions[key] = function

    def __getitem__(self, key: str) -> F:
        return self._functions[key]

    def get(self, key: str) -> F | None:
        """Return the function of this key, if there is one."""
        return self._functions.get(key)

    def items(self) -> Iterator[tuple[str, F]]:
        """Yield every key with its function."""
        yield from self._functions.items()


def lazily(name: str) -> Callable[..., Any]:
    """Return the function of this name, which is imported when it is called: for those that bring
    along what only web processes have.
    """

    def call(*args: Any) -> Any:
        return import_string(name)(*args)

    return call


#: What `run_due` calls: given the instant, does all that is due and returns how much that was.
due: Registry[Callable[[datetime], int]] = Registry()

#: What `verify` counts: returns the number of violations, 0 in a healthy database.
invariants: Registry[Callable[[], int]] = Registry()

#: What `rotate_field_keys` goes over: given how one secret is sealed anew, does so with all of an
#: app's, and returns in how many rows.
sealed: Registry[Callable[[Callable[[str], str]], int]] = Registry()

#: What `/api/health/ready` asks: whether the database still refuses what it must refuse.
guards: Registry[Callable[[], bool]] = Registry()

#: From how many milliseconds on an answer of a method at a route is slow; None if nobody knows.
slow_from: Registry[Callable[[str, str], float | None]] = Registry()

#: What a payment's subject hears when it comes to rest, and when a refund of it does: the ids of
#: subject and payment, in the transaction that records it. The key is the kind of the subject.
settled: Registry[Callable[[int, int], None]] = Registry()

#: What holds a payment's subject until the transaction ends, given its id. It is called before the
#: payment, or a refund of it, is written: subject first, payment second is everybody's order.
subject_locks: Registry[Callable[[int], None]] = Registry()

#: What a background task does with the row that it was nudged about.
nudged: Registry[Callable[[int], None]] = Registry()

#: How many of something a user has: what a plan's limit is compared with. The key is the feature's.
counted: Registry[Callable[[int], int]] = Registry()

#: What webhooks tell of a row, by type of event (`booking.confirmed`): given the row's id, returns
#: it as the API shows it.
told: Registry[Callable[[int], Mapping[str, Any]]] = Registry()
