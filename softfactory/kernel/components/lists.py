"""Components around lists: chips of active filters, pages, tabs, tables."""

from collections.abc import Sequence
from typing import Any, TypedDict

from django.utils.safestring import SafeString

from softfactory.kernel.components.library import register, rendered


class Chip(TypedDict):
    """A filter that is on, and the address of the same list without it."""

    label: str
    href: str


@register.inclusion_tag("components/filter_chips.html")
def filter_chips(chips: Sequence[Chip], clear: str = "") -> dict[str, Any]:
    """The filters that are on, each a link that takes it off; `clear` takes off all."""
    return {"chips": chips, "clear": clear}


@register.inclusion_tag("components/pagination.html")
def pagination(
    next: str | None = None,  # noqa: A002 - as the API calls it
    previous: str | None = None,
    label: str = "",
) -> dict[str, Any]:
    """Links to the neighbouring pages of a list."""
    return {"next": next, "previous": previous, "label": label}


@register.simple_block_tag
def tabs(content: SafeString, label: str) -> SafeString:
    """Views of one thing, side by side; each is a page of its own."""
    return rendered("tabs", content=content, label=label)


@register.simple_block_tag
def tab(
    content: SafeString, href: str, current: bool = False, count: int | None = None
) -> SafeString:
    """One of the tabs, with the number of things behind it."""
    return rendered("tab", content=content, href=href, current=current, count=count)


@register.simple_block_tag
def table(content: SafeString, caption: str) -> SafeString:
    """A table whose rows become cards on a narrow screen; its cells are `cell`s."""
    return rendered("table", content=content, caption=caption)


@register.simple_block_tag
def cell(content: SafeString, label: str, numeric: bool = False) -> SafeString:
    """A table's cell that knows its column's name, for when there is no column."""
    return rendered("cell", content=content, label=label, numeric=numeric)
