"""Asking the site as its server does, within this process, and counting what the answer cost."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import login
from django.db import connections
from django.db.models import F
from django.http import HttpRequest
from django.test import RequestFactory

from monitoring.visits.scene import Scene
from monitoring.visits.visit import Visit
from softfactory.accounts.models import User
from softfactory.accounts.services.tokens import issue_token
from softfactory.kernel import clock, trace
from softfactory.kernel.db import kept
from softfactory.kernel.db.shared import shared_numbers
from softfactory.kernel.models import Generation
from softfactory.kernel.wsgi import Application, Utf8Request

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class Unexpected(Exception):
    """The site did not answer as a visit says that it does."""


class Answer(NamedTuple):
    """What an answer cost: queries, bytes of the body as sent, seconds by clock and by CPU."""

    queries: int
    bytes: int
    seconds: float
    cpu_seconds: float


class _Request(Utf8Request):
    _dont_enforce_csrf_checks = True  # a visit sends forms that it was never shown


class _Handler(Application):
    request_class = _Request


class Asker:
    """Makes visits: signed in as whoever asks, accepting br, one answer at a time."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._answer = _Handler()
        people = {who: getattr(scene, who) for who in ("customer", "owner", "staff")}
        self._tokens = {who: _token_of(user) for who, user in people.items()}
        self._sessions = {who: _session_of(user) for who, user in people.items()}

    def ask(self, visit: Visit, before: Callable[[], None] = lambda: None) -> Answer:
        """Visit once. What the visit needs, and `before`, is done before anything is counted."""
        with nullcontext() if visit.is_read else self._scene.restored():
            environ = self._environ(visit)
            before()
            with _counting_queries() as queries:
                wall, cpu = time.perf_counter(), time.process_time()
                status, body = self._sent(environ)
                cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if status != visit.status:
            raise Unexpected(f"{visit.name} answered {status}, not {visit.status}: {body[:300]!r}")
        return Answer(len(queries), len(body), wall, cpu)

    def _sent(self, environ: dict[str, Any]) -> tuple[int, bytes]:
        begun: list[str] = []
        response = self._answer(environ, lambda status, headers, *rest: begun.append(status))
        body = b"".join(response)
        response.close()
        return int(begun[0].partition(" ")[0]), body

    def _environ(self, visit: Visit) -> dict[str, Any]:
        names, sent = visit.prepare(self._scene)
        method, _space, route = visit.name.partition(" ")
        headers = {"Accept-Encoding": "br", "If-Match": "*"} | self._credentials(visit)
        path = (visit.path or route).format_map(names)
        make = RequestFactory(headers=headers)
        if method == "GET":
            return make.get(path).environ
        if visit.is_api:
            return make.generic(method, path, json.dumps(sent), "application/json").environ
        return make.post(path, sent).environ

    def _credentials(self, visit: Visit) -> Mapping[str, str]:
        if visit.by == "nobody":
            return {}
        if visit.is_api:
            return {"Authorization": f"Bearer {self._tokens[visit.by]}"}
        leaving = self._scene.leaving
        session = _session_of(leaving) if visit.by == "leaving" else self._sessions[visit.by]
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}


def _token_of(user: User) -> str:
    """Give a user a token that was used within the hour, as most are; returns its text."""
    now = clock.now()
    issued = issue_token(user=user, name="Visits", now=now)
    issued.row.last_used_at = now
    issued.row.save(update_fields=["last_used_at"])
    return issued.text


def _session_of(user: User) -> str:
    """Sign a user in; returns the session's key."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend=BACKEND)
    request.session.save()
    return str(request.session.session_key)


def move_generations() -> None:
    """Let every cached read be made anew, and whatever a process keeps be read anew."""
    Generation.objects.update(number=F("number") + 1)
    shared_numbers().forget()
    kept.forget_everything()


@contextmanager
def _counting_queries() -> Iterator[list[str]]:
    """Yield the statements that run within, counted as a trace counts them."""
    found: list[str] = []

    def note(execute: Callable, sql: str, *args: Any) -> Any:
        if sql != trace.BEGIN:
            found.append(sql)
        return execute(sql, *args)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(note))
        yield found
