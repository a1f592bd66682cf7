"""Pages for whoever is signed in. What somebody posts when they no longer are waits for them.

A cookie that scripts may read tells them whether anybody is signed in, and nothing else: pages that
are the same for everybody need not ask the server who is looking.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

KEPT_FORM = "kept_form"
MARKER = "signed_in"

# More than any of our forms sends; a session is no place for whatever a stranger posts.
MOST_CHARACTERS = 20_000

type View = Callable[..., HttpResponse]


def sign_in_required(view: View) -> View:
    """Let whoever is not signed in do that first, and lead them back.

    A form that they posted is kept in their session; the view asks for it by `kept_form`.
    """

    @wraps(view)
    def signed_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return signed_in


def staff_required(view: View) -> View:
    """Let whoever is not signed in do that first; for who is not staff there is nothing here."""

    @sign_in_required
    @wraps(view)
    def seen_by_staff(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_staff", False):
            raise Http404
        return view(request, *args, **kwargs)

    return seen_by_staff


def kept_form(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was posted here before its sender had to sign in.

    It is data for the form, to be looked at and sent again, and not yet anybody's wish.
    """
    kept = request.session.get(KEPT_FORM)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT_FORM]
    messages.info(request, _("What you had typed is still here. Check it, then send it again."))
    return QueryDict(kept["body"])


def _keep(request: HttpRequest) -> None:
    posted = request.POST.copy()
    posted.pop("csrfmiddlewaretoken", None)
    body = posted.urlencode()
    if len(body) <= MOST_CHARACTERS:
        request.session[KEPT_FORM] = {"path": request.path, "body": body}


class SignedInMarkerMiddleware:
    """Keep the marker in step with the session, whenever a view has looked at that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.session.accessed:
            return response
        is_signed_in, is_marked = SESSION_KEY in request.session, MARKER in request.COOKIES
        if is_signed_in and not is_marked:
            response.set_cookie(
                MARKER,
                "1",
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif is_marked and not is_signed_in:
            response.delete_cookie(MARKER, samesite="Lax")
        return response
