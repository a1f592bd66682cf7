"""Servers that talk nonsense: whatever they answer, it is one of the errors, or can be kept.

A network's test file inherits it; see `contract.py` for what it gives.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sns.networks.protocol import Access, NetworkError, Published, Reactions
from tests.networks.peer import Told
from tests.sns.posts import make_content, make_picture

PAGES = [b"", b"null", b"[]", b"{}", b"[1]", b"<html>Back soon", b"\xff\xfe", b"[" * 50_000]
THINGS = [None, True, -1, 10**30, "\ud800\0", "x" * 3_000, [], [{}], {"a": 1}, "javascript:alert()"]


def with_values(document: Any, thing: Any) -> Any:
    """A document of the same shape, with one thing in place of each of its values."""
    if isinstance(document, dict):
        return {name: with_values(value, thing) for name, value in document.items()}
    if isinstance(document, list) and document:
        return [with_values(value, thing) for value in document]
    return thing


def twists() -> Iterator[Callable[[Told], Told]]:
    for page in PAGES:
        yield lambda told, page=page: told._replace(document=page)
    for thing in THINGS:
        yield lambda told, thing=thing: told._replace(document=with_values(told.document, thing))
        yield lambda told, thing=thing: told._replace(
            document={**told.document, **dict.fromkeys(list(told.document)[:1], thing)}
            if isinstance(told.document, dict)
            else [thing]
        )


def can_be_kept(found: Any) -> bool:
    """Tell whether a database takes it, and a page may show it."""
    match found:
        case None:
            return True
        case Reactions():
            return all(0 <= n < 2**31 for n in (found.likes, found.replies, found.reposts))
        case Published():
            is_page = not found.url or found.url.startswith("http")
            return is_text(found.remote_id, 500) and is_page and (is_text(found.url or "x", 2_000))
        case Access():
            kept = json.dumps(dict(found.facts)) + json.dumps(dict(found.secrets))
            texts = [(found.handle, 300), (found.remote_id, 500), (found.server, 200)]
            return "\\u0000" not in kept and all(is_text(text, most) for text, most in texts)
    return False


def is_text(text: str, most: int) -> bool:
    return 0 < len(text) <= most and "\0" not in text and bool(text.encode())


class NonsenseContract:
    """Inherited."""

    @pytest.mark.parametrize("what", ["connect", "publish", "find", "reactions", "delete"])
    def test_nonsense_is_an_error_of_ours_or_can_be_kept(
        self, network, server, access, connect, what
    ):
        content = make_content("One", pictures=(make_picture(),), link="https://a.example/")
        published = network.publish(access, content, "k1")
        does = {
            "connect": connect,
            "publish": lambda: network.publish(access, content, "k1"),
            "find": lambda: network.find(access, content, "k1"),
            "reactions": lambda: network.reactions(access, published.remote_id),
            "delete": lambda: network.delete(access, published.remote_id),
        }[what]
        reasons: list[str] = []
        before = len(server.received)
        does()
        requests = len(server.received) - before
        assert requests
        for at in range(requests):
            for twist in twists():
                server.twists.clear()
                server.twists.extend([*[None] * at, twist])
                found = None
                try:
                    found = does()
                except NetworkError as error:
                    reasons.append(error.reason)
                assert can_be_kept(found), found
        assert all(is_text(reason, 2_000) for reason in reasons)

    def test_nonsense_does_not_mean_that_a_post_is_not_there(self, network, server, access):
        content = make_content("One")
        network.publish(access, content, "k1")
        for page in PAGES:
            if page == b"[]":
                continue  # on some this is what "nothing" looks like
            server.twists.append(lambda told, page=page: told._replace(document=page))
            try:
                assert network.find(access, content, "k1") is not None, page
            except NetworkError:
                server.twists.clear()
