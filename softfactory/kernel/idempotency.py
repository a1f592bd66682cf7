"""Idempotency-Key: a request that is sent again has its effect once, and the same answer twice."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from softfactory.kernel import clock
from softfactory.kernel.answers import Answer, Asked, KeyInUse, KeyReused, find, keep, replace
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import InvalidRequest

HEADER = "Idempotency-Key"
SENT_AS = "HTTP_IDEMPOTENCY_KEY"
# Quoted, as the IETF's draft has it, or bare, as most clients send it.
KEY = re.compile(r'"([ !#-~]{1,255})"|([!#-~]{1,255})')

# Refusals that a repetition meets again; after any other one the key is free.
KEPT_REFUSALS = {409, 412, 422}
# What of an answer's headers belongs to the resource, and not to one exchange.
KEPT_HEADERS = ("Content-Type", "ETag", "Location")

type Action = Callable[..., HttpResponse]


class Begun(HttpResponse):
    """What an action answers that can't end in a transaction, since it asks another server.

    `made` names what it has made so far. The view's `finish_<action>(request, made)` does the rest
    after the commit and answers. Until its answer is kept, a repetition finishes the same thing.
    """

    STATUS = 202

    def __init__(self, made: object) -> None:
        super().__init__(str(made), status=self.STATUS)


class _Refused(Exception):
    """The handler answered a refusal instead of raising it."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def idempotent(action: Action) -> Action:
    """Let signed-in callers of a viewset's action repeat a request that they gave a key.

    Its effect and its answer commit together. Of refusals, those of a rule (409, 412, 422) are
    kept as answers; after others, and after errors of ours, the key is free again.
    """

    @wraps(action)
    def answer_once(view: ApiViewSet, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = _asked(request)
        if asked is None:
            response = action(view, request, *args, **kwargs)
        else:
            response = _answer(asked, view, lambda: action(view, request, *args, **kwargs))
        if response.status_code != Begun.STATUS:
            return response
        finish = getattr(view, f"finish_{action.__name__}")
        return _finished(asked, view, lambda: finish(request, response.content.decode()))

    # For the API's schema.
    answer_once.is_idempotent = True  # type: ignore[attr-defined]
    return answer_once


def refuse_key(request: Request) -> None:
    """Raise InvalidRequest if a request that is answered with a secret is to be repeated."""
    if SENT_AS in request.META:
        raise InvalidRequest(
            "idempotency_key_refused",
            _("An answer with a secret is never kept to be repeated. Leave Idempotency-Key out."),
        )


def _asked(request: Request) -> Asked | None:
    key = _key_of(request)
    if key is None:
        return None
    return Asked(
        caller_id=cast(int, request.user.pk),
        operation=f"{request.method} {request.path}",
        key=key,
        fingerprint=hashlib.sha256(request.body).hexdigest(),
        now=clock.now(),
    )


def _key_of(request: Request) -> str | None:
    text = request.META.get(SENT_AS)
    if text is None:
        return None
    if not (found := KEY.fullmatch(text.strip())):
        message = _("Send an Idempotency-Key of 1 to 255 ASCII characters.")
        error = {"field": HEADER, "code": "invalid", "message": message}
        raise InvalidRequest("idempotency_key_invalid", message, errors=[error])
    return found[1] or found[2]


def _answer(asked: Asked, view: ApiViewSet, handle: Callable[[], Any]) -> HttpResponse:
    try:
        return _answered(asked, lambda: _effect(view, handle))
    except (KeyInUse, KeyReused):
        raise
    except _Refused as refused:
        response = refused.response
    except Exception as error:
        response = view.finished(view.handle_exception(error))
    if response.status_code in KEPT_REFUSALS:
        return _answered(asked, lambda: response)
    return response


def _effect(view: ApiViewSet, handle: Callable[[], Any]) -> HttpResponse:
    response = view.finished(handle())
    if response.status_code >= 400:
        raise _Refused(response)
    return response


@transactional
def _answered(asked: Asked, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer that is kept, else the one that is made now, and is kept."""
    kept = find(asked)
    if kept is not None:
        return _replay(kept)
    response = make()
    keep(asked, _kept(response))
    return response


def _finished(
    asked: Asked | None, view: ApiViewSet, finish: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the answer of what was begun; it is kept in the place of its beginning."""
    try:
        response = view.finished(finish())
    except Exception as error:
        response = view.finished(view.handle_exception(error))
    if asked and (response.status_code < 400 or response.status_code in KEPT_REFUSALS):
        replace(asked, Begun.STATUS, _kept(response))
    return response


def _kept(response: HttpResponse) -> Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, response.content)


def _replay(kept: Answer) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status)
    del response.headers["Content-Type"]
    for name, value in kept.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response
