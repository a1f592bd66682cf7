"""A set of tags in one number: a column that can be asked for those that have all of some tags."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any

from django.db import models
from django.db.models import F, Lookup, Max
from django.db.models.expressions import Combinable


class TagSet(models.PositiveIntegerField):
    """Some of a list of tags, in its order; stored as a number in which each tag has its bit.

    `filter(column__has=["vegan"])` finds those that have all of these. New tags go to the end.
    """

    def __init__(self, *args: Any, tags: Sequence[str] = (), **options: Any) -> None:
        self.tags = tuple(tags)
        usual: dict[str, Any] = {"default": list, "blank": True}
        super().__init__(*args, **usual | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"tags": list(self.tags)}

    def number(self, tags: Iterable[str]) -> int:
        """Return the number that stands for these tags; those that there are not are left out."""
        wanted = set(tags)
        return sum(1 << bit for bit, tag in enumerate(self.tags) if tag in wanted)

    def tags_of(self, number: int) -> list[str]:
        """Return the tags that a number stands for."""
        return [tag for bit, tag in enumerate(self.tags) if number >> bit & 1]

    def from_db_value(self, value: int | None, *_context: Any) -> list[str] | None:
        return None if value is None else self.tags_of(value)

    def to_python(self, value: Any) -> Any:
        return self.tags_of(value) if isinstance(value, int) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.number(value) if isinstance(value, list | tuple | set) else value


@TagSet.register_lookup
class Has(Lookup):
    """All of these tags."""

    lookup_name = "has"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"({column} & %s) = %s", [*params, self.rhs, self.rhs]


def union_of(column: str, tags: Sequence[str]) -> Combinable:
    """Return an aggregate: all tags that a column has in a group of rows, as a number."""
    # Of numbers with one bit, the sum of the greatest is the union.
    return reduce(add, (Max(F(column).bitand(1 << bit)) for bit in range(len(tags))))
