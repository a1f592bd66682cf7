"""What somebody posts too late is kept for them alone, and scripts know whether anybody is in."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from softfactory.kernel.http.sign_in import MARKER, kept_form, sign_in_required
from tests.makers import PASSWORD

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


class TestMarker:
    """The cookie by which scripts know whether to ask for a menu."""

    def test_comes_with_signing_in_and_goes_with_signing_out(self, client, ana):
        client.post("/accounts/login", {"login": ana.email, "password": PASSWORD})
        marker = client.cookies[MARKER]
        assert (marker.value, marker["httponly"], marker["samesite"]) == ("1", "", "Lax")

        client.post("/accounts/logout")
        assert client.cookies[MARKER].value == ""

    def test_comes_to_who_was_signed_in_before(self, browse, ana):
        assert browse(ana).get("/account").cookies[MARKER].value == "1"

    def test_goes_when_the_session_is_no_more(self, client, db):
        client.cookies[MARKER] = "1"
        assert client.get("/fragments/account-menu").cookies[MARKER].value == ""

    def test_is_set_once(self, browse, ana):
        browser = browse(ana)
        browser.get("/account")
        assert MARKER not in browser.get("/account").cookies

    @pytest.mark.django_db(transaction=True)
    def test_public_pages_take_no_notice(self, browse, client, ana):
        client.cookies[MARKER] = "1"
        for browser in (browse(ana), client):
            answer = browser.get("/coocook/explore")
            assert not answer.cookies
            assert "Cookie" not in answer.headers["Vary"]

    def test_programs_get_none(self, api, ana):
        assert not api(ana).get("/api/auth/me").cookies

    @pytest.mark.parametrize("is_behind_tls", [True, False])
    def test_is_as_secure_as_the_session(self, browse, ana, settings, is_behind_tls):
        settings.SESSION_COOKIE_SECURE = is_behind_tls
        assert bool(browse(ana).get("/account").cookies[MARKER]["secure"]) == is_behind_tls
