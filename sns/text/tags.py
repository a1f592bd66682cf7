"""Campaigns' marks on links (utm_…), so that one sees in the figures where somebody came from."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sns.text.found import find

NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


def tag_link(link: str, tags: Mapping[str, str]) -> str:
    """Return a link with these marks, in the usual order; marks that it has already stay."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if parts.scheme.lower() not in ("http", "https"):
        return link
    has = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode([(name, tags[name]) for name in NAMES if tags.get(name) and name not in has])
    query = "&".join(piece for piece in (parts.query, added) if piece)
    return urlunsplit(parts._replace(query=query)) if added else link


def tag_links(text: str, tags: Mapping[str, str]) -> str:
    """Return a text in which each link has these marks."""
    pieces, at = [], 0
    for found in find(text):
        if found.kind == "link":
            pieces += [text[at : found.start], tag_link(found.value, tags)]
            at = found.end
    return "".join([*pieces, text[at:]])
