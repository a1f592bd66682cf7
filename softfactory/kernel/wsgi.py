"""Django's application, to which addresses and forms are UTF-8, whatever charset is claimed.

Django reads the query string by the charset of the Content-Type. So one address can be made to mean
something else, and what is kept for it would be shown to everybody; and a charset that Python has,
but not for text (base64), breaks the request before anything of ours sees it.
"""

from collections.abc import Callable, Iterable

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from softfactory.kernel.http.ready import ReadyAnswers
from softfactory.kernel.requests import route_of, template


class Utf8Request(WSGIRequest):
    """A request that can't be told another encoding."""

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, claimed: str) -> None:
        """Take no notice."""


class Application(WSGIHandler):
    """What the server calls, once Django is set up; without `ready`, Django answers everything."""

    request_class = Utf8Request

    def __init__(self, ready: ReadyAnswers | None = None) -> None:
        super().__init__()
        self._ready = ready
        self._matches: dict[str, ResolverMatch] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:  # type: ignore[override]
        if self._ready is not None:
            answer = self._ready.answer(environ, start_response)
            if answer is not None:
                return answer
        return super().__call__(environ, start_response)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        response = super().get_response(request)
        if self._ready is not None and isinstance(response, HttpResponse):
            self._ready.keep(request.META, response, route_of(request))
        return response

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Find the route; where its address has no variables, once."""
        known = self._matches.get(request.path_info)
        if known is not None:
            request.resolver_match = known
            return known
        found = super().resolve_request(request)
        if template(found.route) == request.path_info:
            self._matches[request.path_info] = found
        return found
