"""Lists by cursor: the place behind a row, whatever is added or removed before it.

REST framework's own cursor remembers the first column of the order alone and counts equal rows,
up to a thousand; ours remembers the whole key, since thousands of chefs may share a rating.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from softfactory.kernel.db.statements import Parameter, Statement
from softfactory.kernel.problems import InvalidRequest

DEFAULT_LIMIT = 20
MOST = 100


class Cursor(NamedTuple):
    """The key of the row at the edge of a page, and which way to go from it."""

    key: list[Any]
    backwards: bool

    def encode(self, ordering: Sequence[str]) -> str:
        """Return it as text that is good for lists in this order."""
        plain = (part if isinstance(part, int) else str(part) for part in self.key)
        return _signed(tuple(ordering), self.backwards, *plain)

    @classmethod
    def decode(cls, text: str, ordering: Sequence[str]) -> "Cursor":
        """Raises InvalidRequest for what no list in this order gave out."""
        try:
            backwards, key = _signer(tuple(ordering)).unsign_object(text)
        except BadSignature:
            raise _invalid("cursor", _("This cursor is not one of this list.")) from None
        return cls(key, backwards)


@lru_cache(maxsize=64)
def _signer(ordering: tuple[str, ...]) -> Signer:
    """Signed, so that whatever a cursor holds fits the columns that it is compared with."""
    return Signer(sep=".", salt=" ".join(("cursor", *ordering)))


@lru_cache(maxsize=1024)
def _signed(ordering: tuple[str, ...], backwards: bool, *key: int | str) -> str:
    """Kept, since a list that is made anew after a write mostly ends with the same row."""
    return _signer(ordering).sign_object([backwards, list(key)])


def _invalid(field: str, message: str) -> InvalidRequest:
    error = {"field": field, "code": "invalid", "message": message}
    return InvalidRequest("invalid", message, errors=[error])


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST):
        message = _("Send a limit between 1 and %(most)s.") % {"most": MOST}
        raise _invalid("limit", message)
    return int(text)


def _flipped(ordering: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in ordering)


def _beyond(ordering: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows that come after `key`. The first column is bounded by itself too, for the index."""
    name = ordering[0].lstrip("-")
    beyond = "lt" if ordering[0].startswith("-") else "gt"
    if len(ordering) == 1:
        return Q(**{f"{name}__{beyond}": key[0]})
    rest = Q(**{name: key[0]}) & _beyond(ordering[1:], key[1:])
    return Q(**{f"{name}__{beyond}e": key[0]}) & (Q(**{f"{name}__{beyond}": key[0]}) | rest)


def _page(rows: QuerySet, ordering: Sequence[str], key: Sequence[Any], limit: int) -> QuerySet:
    """So many rows behind `key`, which is empty for the first page, and one more."""
    if key:
        rows = rows.filter(_beyond(ordering, key))
    return rows.order_by(*ordering)[: limit + 1]


class Shape(NamedTuple):
    """All that the SQL of a page depends on, besides values."""

    rows: Callable[..., QuerySet]
    values: int  # how many `rows` takes
    ordering: tuple[str, ...]
    is_first: bool
    limit: int
    database: str


@lru_cache(maxsize=256)
def statement_of(shape: Shape) -> Statement:
    """Return what reads pages of this shape: first the values of `rows`, then those of the key."""
    rows: Any = shape.rows(*map(Parameter, range(shape.values))).using(shape.database)
    names = [] if shape.is_first else [name.lstrip("-") for name in shape.ordering]
    key = [
        Parameter(position, rows.model._meta.get_field(name))
        for position, name in enumerate(names, start=shape.values)
    ]
    return Statement(_page(rows.shown(), shape.ordering, key, shape.limit))


class CursorPagination(BasePagination):
    """`{"next", "previous", "results"}`; the view's `get_ordering()` names columns that together
    are unique, none of them null, such as `("-created_at", "-id")`.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        ordering, key, limit = self._place(request, view)
        return self._cut(list(_page(queryset, ordering, key, limit)), limit)

    def paginate_named(
        self, rows: Callable[..., Any], values: Sequence[Any], request: Request, view: Any
    ) -> list[dict[str, Any]]:
        """The same of `rows(*values).shown()`, by a statement that is made once for its shape."""
        ordering, key, limit = self._place(request, view)
        shape = Shape(rows, len(values), ordering, not key, limit, view.queryset.db)
        return self._cut(statement_of(shape).rows(*values, *key), limit)

    def _place(self, request: Request, view: Any) -> tuple[tuple[str, ...], list[Any], int]:
        """Return the order to read in, the key behind which to begin, and how many are wanted."""
        self.url = request.build_absolute_uri()
        self.ordering = tuple(view.get_ordering())
        limit, self.cursor = _limit(request), self._cursor(request)
        if self.cursor is None:
            return self.ordering, [], limit
        ordering = _flipped(self.ordering) if self.cursor.backwards else self.ordering
        return ordering, self.cursor.key, limit

    def _cut(self, rows: list[Any], limit: int) -> list[Any]:
        """Return the page of these rows, one of which may be there to tell that there are more."""
        backwards = self.cursor is not None and self.cursor.backwards
        more, rows = len(rows) > limit, rows[:limit]
        self.page = rows[::-1] if backwards else rows
        self.has_next = backwards or more
        self.has_previous = more if backwards else self.cursor is not None
        return self.page

    def _cursor(self, request: Request) -> Cursor | None:
        text = request.query_params.get("cursor")
        return Cursor.decode(text, self.ordering) if text else None

    def _link(self, row: Any, *, backwards: bool) -> str:
        names = [name.lstrip("-") for name in self.ordering]
        key = [row[name] if isinstance(row, dict) else getattr(row, name) for name in names]
        cursor = Cursor(key, backwards).encode(self.ordering)
        return replace_query_param(self.url, "cursor", cursor)

    def _first_page(self) -> str:
        return remove_query_param(self.url, "cursor")

    def get_next_link(self) -> str | None:
        """Return the address of the page behind this one, None if there is none.

        Of a page that is empty by now, next and previous are the first page.
        """
        if not self.has_next:
            return None
        return self._link(self.page[-1], backwards=False) if self.page else self._first_page()

    def get_previous_link(self) -> str | None:
        """Return the address of the page before this one, None if there is none."""
        if not self.has_previous:
            return None
        return self._link(self.page[0], backwards=True) if self.page else self._first_page()

    def get_paginated_response(self, data: list) -> Response:
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
        ]
