"""Answers: compressed, kept, and not sent at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.load.effects.comparing import Way, compared, costs, table

PAGES = ("/coocook/explore", "/", "/api/coocook/chefs", "/api/schema")


@contextmanager
def answering() -> Iterator[Callable[..., tuple[str, dict[str, str], bytes]]]:
    """Yield `ask(path, **headers)`: the site itself, asked as a server asks it."""
    from django.test import RequestFactory

    from softfactory.wsgi import application

    def ask(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
        head: list = []
        environ = RequestFactory().get(path, headers=headers).environ
        body = application(environ, lambda status, fields: head.extend((status, dict(fields))))
        content = b"".join(body)
        body.close()
        return *head, content

    yield ask


def compression(folder: Path) -> None:
    """Bytes and CPU of each encoding."""
    from softfactory.kernel.http.bodies import ENCODERS

    def rows() -> Iterator[tuple]:
        with answering() as ask:
            for path in PAGES:
                _status, _head, body = ask(path)
                encoders = {name: partial(encode, body) for name, encode in ENCODERS.items()}
                spent = costs(encoders, times=5)
                cells = [f"{len(way())} ({spent[name]:.0f} µs)" for name, way in encoders.items()]
                yield path, len(body), *cells

    table("Compression", f"path | bytes | {' | '.join(ENCODERS)}", rows())


def cached_reads(folder: Path) -> None:
    """An answer that is made, one that was kept, and one that the client has."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with answering() as ask:

        def made(path: str) -> None:
            cache.clear()
            ask(path, accept_encoding="br")

        for path in PAGES[:3]:
            tag = ask(path, accept_encoding="br")[1]["ETag"]
            ways: dict[str, Way] = {
                "made anew": partial(made, path),
                "kept": partial(ask, path, accept_encoding="br"),
                "304": partial(ask, path, accept_encoding="br", if_none_match=tag),
            }
            queries = {}
            for name, way in ways.items():
                with CaptureQueriesContext(connection) as captured:
                    way()
                queries[name] = len(captured)
            measured = costs(ways, times=20)
            table(path, "answer | queries | µs | ×", compared(measured, queries=queries))
