"""Addresses of the page that is shown with something changed, and of a list's other pages."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.http import HttpRequest

from softfactory.kernel.components.lists import Chip


def address(request: HttpRequest, **changes: object) -> str:
    """Return the request's own path and query with these parameters set; None takes one out, and a
    list says it as often as it is long.
    """
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == []:
            query.pop(name, None)
        else:
            query.setlist(name, value if isinstance(value, list) else [str(value)])
    return f"{request.path}?{query.urlencode()}" if query else request.path


def page_number(request: HttpRequest) -> int:
    """Return which page of a list is asked for; the first one unless that is a number."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


class Sliceable(Protocol):
    """A list that is read as far as it is asked for, such as a queryset."""

    def __getitem__(self, part: slice, /) -> Iterable[Any]: ...


class Page:
    """One page of a list: its rows, how many `reached` up to its end, and the addresses of its
    neighbours or None.

    One row more than is shown is read, to know whether there is a next page.
    """

    def __init__(self, request: HttpRequest, rows: Sliceable, *, size: int) -> None:
        self.number = page_number(request)
        start = (self.number - 1) * size
        found = list(rows[start : start + size + 1])
        self.rows = found[:size]
        self.reached = start + len(self.rows)
        self.next = address(request, page=self.number + 1) if len(found) > size else None
        before = self.number - 1
        self.previous = address(request, page=before if before > 1 else None) if before else None

    @property
    def is_beyond(self) -> bool:
        """Whether the list ends before this page."""
        return not self.rows and self.number > 1


def chip(request: HttpRequest, label: str, *names: str, **left: list[str]) -> Chip:
    """Return a filter that is on: its words, and the address of the first page without it, or with
    what is left of it.
    """
    return {"label": label, "href": address(request, page=None, **dict.fromkeys(names), **left)}
