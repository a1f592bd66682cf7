"""Pages for whoever is signed in. What somebody posts when they no longer are waits for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

KEPT_FORM = "kept_form"

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
