"""How HTTP is told of a refusal: problem+json under `/api/`, a page elsewhere. RFC 9457."""

import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.response import Response

from softfactory.kernel.problems import DomainError, FieldError
from softfactory.kernel.request_id import current_request_id

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


def problem_response(
    status: int, code: str, detail: str, *, errors: Sequence[FieldError] = ()
) -> HttpResponse:
    """Return the problem as `application/problem+json`, ready to send."""
    body = problem_body(status, code, detail, errors=errors)
    text = json.dumps(body, ensure_ascii=False).encode()
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE)


def problem_body(
    status: int, code: str, detail: str, *, errors: Sequence[FieldError] = ()
) -> dict[str, Any]:
    """Return the members of a problem: type, title, status, detail, code, request_id, errors."""
    body = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": current_request_id(),
    }
    if errors or status == HTTPStatus.BAD_REQUEST:
        body["errors"] = list(errors)
    return body


def field_errors(detail: Any, path: str = "") -> list[FieldError]:
    """Flatten REST framework's nested errors: `{"rules": [{}, {"starts_at": [e]}]}` becomes
    `[{"field": "rules.1.starts_at", "code": …, "message": …}]`.
    """
    if isinstance(detail, Mapping):
        pairs = [("" if key == "non_field_errors" else str(key), v) for key, v in detail.items()]
    elif isinstance(detail, list):
        is_leaf = all(isinstance(item, exceptions.ErrorDetail) for item in detail)
        pairs = [("" if is_leaf else str(i), item) for i, item in enumerate(detail)]
    else:
        code = getattr(detail, "code", "invalid")
        return [{"field": _sayable(path), "code": code, "message": _sayable(str(detail))}]
    return [
        error
        for key, value in pairs
        for error in field_errors(value, ".".join(part for part in (path, key) if part))
    ]


def _sayable(text: str) -> str:
    """Return what a client sent without the lone surrogates that JSON can hold and UTF-8 can't."""
    return text.encode(errors="replace").decode()


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an API's exception as a problem; None for what nobody expected (a 500)."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    headers = {}
    if isinstance(error, DomainError):
        body = problem_body(error.status, error.code, error.message, errors=error.errors)
        if error.retry_after:
            headers = {"Retry-After": str(error.retry_after)}
    elif isinstance(error, exceptions.APIException):
        body = _framework_problem(error)
        headers = _framework_headers(error)
    elif isinstance(error, OperationalError):
        logger.error("The database did not answer in time", exc_info=error)
        body = problem_body(503, "busy", _("The site is busy. Try again in a moment."))
        headers = {"Retry-After": "1"}
    else:
        return None
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _framework_problem(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = field_errors(error.detail)
        detail = _("Some values are not as they should be; see errors.")
        return problem_body(error.status_code, "invalid", detail, errors=errors)
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    detail = str(error.detail if isinstance(error.detail, str) else error.default_detail)
    return problem_body(error.status_code, code, detail.strip())  # a 429's ends in a blank


def _framework_headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


PAGES = {
    400: gettext_noop("We could not read this request. Go back and try again."),
    403: gettext_noop("This is not open to you. Sign in as somebody who may see it."),
    404: gettext_noop("There is nothing here. It may have moved, or never been."),
    405: gettext_noop("This can't be done here. Go back and try another way."),
    429: gettext_noop("That was too often. Wait a moment, then try again."),
    500: gettext_noop("Something broke on our side. We have been told; try again in a moment."),
}
CODES = {
    400: "malformed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    429: "too_many_requests",
    500: "error",
}


def answer_problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """Refuse outside of any viewset: as a problem under `/api/`, as a page elsewhere."""
    if request.path.startswith("/api/"):
        return problem_response(status, code, detail)
    template = f"{status}.html" if status in {403, 404, 429, 500} else "error.html"
    context = {"status": status, "detail": detail, "request_id": current_request_id()}
    return render(request, template, context, status=status)


def _page(status: int) -> Any:
    def view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return answer_problem(request, status, CODES[status], _(PAGES[status]))

    return view


#: The root URLconf's handlers.
handler400, handler403, handler404, handler500 = _page(400), _page(403), _page(404), _page(500)


def handler429(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Tell somebody who was too quick when to go on; allauth answers by this too."""
    response = answer_problem(request, 429, CODES[429], _(PAGES[429]))
    response.headers["Retry-After"] = "60"
    return response


class RefusedMethodMiddleware:
    """Say in words, or as a problem, what Django's own views refuse with an empty answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        refusal = answer_problem(request, 405, CODES[405], _(PAGES[405]))
        refusal.headers["Allow"] = response.headers["Allow"]
        return refusal


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell somebody whose form was too old, or came from elsewhere, how to go on."""
    detail = _("This form is too old or came from another site. Reload the page and send it again.")
    return answer_problem(request, 403, "csrf_failed", detail)
