"""What a browser takes from a page: files, fragments, links, and what a form would send."""

import re
from html import unescape

FILE = re.compile(r'\s(?:src|href)="(/static/[^"]+)"')
LOADED = re.compile(r'\shx-get="([^"]+)"\s+hx-trigger="load"')
HINTED = re.compile(r"<(/static/[^>]+)>")
MENU = re.compile(r'\sdata-menu="([^"]+)"')
LINK = re.compile(r'\shref="([^"]+)"')
INPUT = re.compile(r"<input\s([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
CHOSEN = {"radio", "checkbox"}


def files(page: str) -> list[str]:
    """Addresses of the static files that a page names, each once."""
    return list(dict.fromkeys(FILE.findall(page)))


def hinted(link: str) -> list[str]:
    """Addresses of the static files that a Link header names."""
    return HINTED.findall(link)


def fragments(page: str) -> list[str]:
    """Addresses of what a page loads into itself."""
    return [unescape(address) for address in LOADED.findall(page)]


def menu(page: str) -> str | None:
    """Address of what a browser loads that has the mark of somebody who is signed in."""
    found = MENU.search(page)
    return unescape(found[1]) if found else None


def links(page: str, pattern: str) -> list[str]:
    """Addresses that a page leads to and that match as a whole, each once."""
    found = (unescape(address) for address in LINK.findall(page))
    return [address for address in dict.fromkeys(found) if re.fullmatch(pattern, address)]


def form_values(page: str) -> dict[str, str]:
    """What the page's inputs hold as they are shown; of choices, the chosen one."""
    values = {}
    for tag in INPUT.findall(page):
        attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        is_choice = attributes.get("type") in CHOSEN
        if "name" in attributes and not (is_choice and "checked" not in attributes):
            values[attributes["name"]] = attributes.get("value", "")
    return values


def numbers(pattern: str, page: str) -> list[int]:
    """The numbers that the group of a pattern finds in a page, each once."""
    return list(dict.fromkeys(map(int, re.findall(pattern, page))))
