"""What a browser is told to fetch before it has read the page: files of this one, likely next ones.

Sources: RFC 8288 and 8297; WHATWG HTML, link types and speculative loading.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from softfactory.kernel.assets import asset_url
from softfactory.kernel.http.caching import FOLLOWS_RELEASES
from softfactory.kernel.requests import WHOLE

FILES = {
    "app.css": "rel=preload; as=style",
    "head.js": "rel=preload; as=script",
    "fraunces.woff2": 'rel=preload; as=font; type="font/woff2"; crossorigin',
    "app.js": "rel=modulepreload",
}
RULES = "speculation-rules"
DAY = 86_400  # seconds
# Paths that are no pages of ours, or not made of these files.
OTHERS = tuple(f"/{first}/" for first in (*WHOLE, "api", "metrics", "static"))


def links() -> str:
    """Return the Link header of every page: what its first sight is drawn with, then its script."""
    return ", ".join(f"<{asset_url(name)}>; {how}" for name, how in FILES.items())


class HintsMiddleware:
    """Name in a page's headers what goes with it; with EARLY_HINTS, before the page is made too.

    Only who navigates gets an early hint: other programs take it for the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_page = not request.path_info.startswith(OTHERS)
        send_early = request.META.get("wsgi.early_hints") if settings.EARLY_HINTS else None
        if send_early and is_page and request.META.get("HTTP_SEC_FETCH_MODE") == "navigate":
            send_early([("Link", links())])
        response = self.get_response(request)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and is_html and not request.META.get("HTTP_HX_REQUEST"):
            response.headers["Link"] = links()
            response.headers["Speculation-Rules"] = f'"/{RULES}"'
        return response


@require_safe
def speculation_rules(request: HttpRequest) -> HttpResponse:
    """Which links to fetch when somebody is about to follow them: to pages that all see alike."""
    chef = "/coocook/chefs/:chef"
    public = ["/", "/pricing", "/coocook/explore", chef, f"{chef}/reviews"]
    others = [f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    pages = [f"{prefix}{path}\\?*" for prefix in ("", *others) for path in public]
    rules = {"prefetch": [{"where": {"href_matches": pages}, "eagerness": "moderate"}]}
    response = JsonResponse(rules, content_type="application/speculationrules+json")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    response.headers["Cache-Tag"] = FOLLOWS_RELEASES
    response.is_public = True  # type: ignore[attr-defined]
    return response
