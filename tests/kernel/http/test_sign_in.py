"""What somebody posts when they are not signed in any more: kept for them, and for them alone."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from softfactory.kernel.http.sign_in import kept_form, sign_in_required

HERE = "/coocook/chefs/1/book"


@sign_in_required
def view(request):
    return HttpResponse(f"{kept_form(request) or 'nothing'}")


@pytest.fixture
def ask(ana):
    """`ask("post", …)` in one browser, signed in or not."""
    session = {}

    def send(method, path=HERE, data=None, *, signed_in=False):
        request = getattr(RequestFactory(), method)(path, data or {})
        request.session = session
        request._messages = CookieStorage(request)
        request.user = ana if signed_in else AnonymousUser()
        return view(request)

    return send


def test_it_is_kept_for_the_same_page_once(ask):
    late = ask("post", data={"guests": "4", "csrfmiddlewaretoken": "secret"})

    assert late["Location"] == f"/accounts/login?next={HERE}"
    assert ask("get", "/elsewhere", signed_in=True).content == b"nothing"
    assert ask("get", signed_in=True).content == b"<QueryDict: {'guests': ['4']}>"
    assert ask("get", signed_in=True).content == b"nothing"


def test_whoever_is_signed_in_posts_as_ever(ask):
    ask("post", data={"guests": "4"})

    assert ask("post", data={"guests": "5"}, signed_in=True).content == b"nothing"


def test_nobody_fills_our_sessions(ask):
    ask("post", data={"text": "x" * 30_000})

    assert ask("get", signed_in=True).content == b"nothing"


def test_reading_keeps_nothing(ask):
    assert ask("get")["Location"] == f"/accounts/login?next={HERE}"
    assert ask("get", signed_in=True).content == b"nothing"
