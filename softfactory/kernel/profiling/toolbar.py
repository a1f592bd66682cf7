"""The debug toolbar in development: on every page, kept ones too."""

from debug_toolbar.middleware import DebugToolbarMiddleware
from django.http import HttpRequest, HttpResponse

# With them a page comes compressed, or as 304: there is no place to put the toolbar in.
HEADERS_OF_KEPT_PAGES = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")


class ToolbarMiddleware(DebugToolbarMiddleware):
    """The toolbar's middleware, which asks for each page whole and plain."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_SEC_FETCH_MODE") == "navigate":
            for name in HEADERS_OF_KEPT_PAGES:
                request.META.pop(name, None)
            request.__dict__.pop("headers", None)  # Django's copy of them
        return super().__call__(request)
