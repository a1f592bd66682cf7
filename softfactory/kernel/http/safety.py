"""The headers that keep an answer safe in a browser: what Django says, found out once.

Its three middlewares make them anew for each answer, of settings that stay as they are.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.security import SecurityMiddleware

DJANGOS = (SecurityMiddleware, ContentSecurityPolicyMiddleware, XFrameOptionsMiddleware)
# By these attributes a view asks Django for others than the usual ones.
OWN = {"_csp_config", "_csp_ro_config", "xframe_options_exempt"}


class EmptyRequest(HttpRequest):
    """A request of which nothing is known but how it came."""

    def __init__(self, scheme: str) -> None:
        super().__init__()
        self._scheme = scheme

    def _get_scheme(self) -> str:
        return self._scheme


class SafetyHeadersMiddleware:
    """Say of each answer what Django says of an empty one, unless the view said something else.

    No nonce is among them: the policy allows files alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._django = [middleware(get_response) for middleware in DJANGOS]
        self._usual = {scheme == "https": self._found_out(scheme) for scheme in ("http", "https")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not OWN.isdisjoint(vars(response)):
            return self._said(request, response)
        headers = response.headers._store
        for name, header in self._usual[request.is_secure()]:
            headers.setdefault(name, header)
        return response

    def _found_out(self, scheme: str) -> list[tuple[str, tuple[str, str]]]:
        """Return what is said of every answer, in the shape in which one keeps its headers."""
        response = HttpResponse()
        del response.headers["Content-Type"]
        return list(self._said(EmptyRequest(scheme), response).headers._store.items())

    def _said(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for middleware in self._django:
            response = middleware.process_response(request, response)
        return response
