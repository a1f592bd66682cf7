"""What got better or worse between two measurements, beyond what is chance."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from monitoring.services.reports.document import Table

#: Less than both of these is taken for chance.
LEAST_SHARE = 0.2


class Quantity(NamedTuple):
    """Something that each measurement has: its key, how it is said, the least that counts."""

    key: str
    name: str
    unit: str
    least: float
    more_is_better: bool = False


class Change(NamedTuple):
    """A quantity of a subject, before and after."""

    subject: str
    quantity: Quantity
    before: float
    after: float

    @property
    def ratio(self) -> float:
        return self.after / self.before if self.before else float("inf")

    @property
    def is_better(self) -> bool:
        return (self.after > self.before) == self.quantity.more_is_better

    @property
    def matters(self) -> bool:
        moved = abs(self.after - self.before)
        return moved >= self.quantity.least and moved > LEAST_SHARE * abs(self.before)


def changes(
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
    quantities: tuple[Quantity, ...],
) -> list[Change]:
    """Return what changed of the subjects that both have, the worst first."""
    found = [
        change
        for subject in before.keys() & after.keys()
        for change in _of(subject, before[subject], after[subject], quantities)
        if change.matters
    ]
    return sorted(found, key=lambda one: (one.is_better, -_size(one), one.subject))


def _of(
    subject: str, before: Mapping, after: Mapping, quantities: tuple[Quantity, ...]
) -> Iterator[Change]:
    for quantity in quantities:
        was, now = before.get(quantity.key), after.get(quantity.key)
        if was is not None and now is not None:
            yield Change(subject, quantity, was, now)


def _size(change: Change) -> float:
    ratio = change.ratio or 1e-9
    return max(ratio, 1 / ratio)


def table(found: list[Change], *, number: Callable[[float, str], str]) -> Table:
    """Return changes as rows."""
    rows = [
        (
            one.subject,
            one.quantity.name,
            "better" if one.is_better else "worse",
            number(one.before, one.quantity.unit),
            number(one.after, one.quantity.unit),
            f"× {one.ratio:.2f}",
        )
        for one in found
    ]
    return Table(("what", "measure", "", "before", "now", "change"), rows, "Changes", names=3)
