"""silk's pages under a Content Security Policy in which they work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from silk.urls import urlpatterns as pages

app_name = "silk"

# What its pages show was sent by strangers: no inline script runs but the handlers that they have,
# each by its hash. Their choice of dates is made by a script that compiles its formats.
POLICY = settings.SECURE_CSP | {
    "script-src": [
        CSP.SELF,
        CSP.UNSAFE_EVAL,
        CSP.UNSAFE_HASHES,
        "'sha256-rQQdnklrOmulrf5mQ2YjUK7CGbu4ywAi21E8nGlJcDc='",  # this.form.submit();
        "'sha256-BYzNymJ29CqgcVXhzApJK+uH1vVETVKJe3kTImEmv8k='",  # createViz()
        "'sha256-AbpHGcgLb+kRsJGnwFEktk7uzpZOCcBY74+YBdrKVGs='",  # an empty line
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",  # nothing
    ],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page show lines of Python, and no other file: it would open whatever is named.
    What was forgotten meanwhile is not found.
    """

    @wraps(view)
    def show(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not request.GET.get("file_path", ".py").endswith(".py"):
            raise Http404
        try:
            return view(request, **arguments)
        except ObjectDoesNotExist:
            raise Http404 from None

    return show


urlpatterns = [
    path(page.pattern._route, csp_override(POLICY)(guarded(page.callback)), name=page.name)
    for page in pages
]
