"""Sessions: their cookies, forms from other sites, ways back that lead elsewhere, the admin."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from softfactory.accounts.models import ApiToken, User
from tests.hostile.callers import FORMS
from tests.makers import PASSWORD

ELSEWHERE = [
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "\x08//evil.example",
    " //evil.example",
]

LISTS = [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in admin.site._registry
]


def sign_in(client, user, **fields):
    return client.post("/accounts/login", {"login": user.email, "password": PASSWORD, **fields})


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(ana, client, elsewhere):
    answer = sign_in(client, ana, next=elsewhere)

    assert answer.status_code == 302
    assert answer.url == "/"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("page", ["/accounts/login", "/accounts/signup", "/accounts/logout"])
def test_no_page_leads_who_is_signed_in_to_another_site(ana, browse, page, elsewhere):
    browser = browse(ana)

    for answer in (browser.get(page, {"next": elsewhere}), browser.post(page, {"next": elsewhere})):
        assert "evil" not in answer.headers.get("Location", "")


def test_a_way_back_can_not_break_a_header(ana, client):
    answer = sign_in(client, ana, next="/account\r\nSet-Cookie: a=b")

    assert set(answer.cookies) <= {"sessionid", "csrftoken", "messages", "signed_in"}
    assert "\n" not in answer.url


def test_a_way_back_of_ours_is_taken(ana, client):
    assert sign_in(client, ana, next="/coocook/requests").url == "/coocook/requests"


def test_the_menu_leads_back_to_no_other_site(client, db):
    menu = client.get(
        "/fragments/account-menu", headers={"HX-Current-URL": "http://testserver//evil.example/"}
    )
    address = menu.text.partition('href="')[2].partition('"')[0]

    assert address.startswith("/accounts/login")
    assert "evil" not in client.get(address).headers.get("Location", "")


@pytest.mark.parametrize("address", [*FORMS, "/account", "/account/tokens/new"])
def test_a_form_of_another_site_does_nothing(address, ana, at):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)
    address = at(address)
    tokens = ApiToken.objects.filter(revoked_at=None).count()

    answer = browser.post(address, {"name": "Stolen", "scopes": ["accounts:write"]})

    assert answer.status_code == 403
    assert "This form is too old" in answer.text
    assert ApiToken.objects.filter(revoked_at=None).count() == tokens
    assert not User.objects.filter(name="Stolen").exists()


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken"])
@pytest.mark.parametrize("is_behind_tls", [True, False])
def test_cookies_are_for_this_site_and_not_for_scripts(
    ana, client, settings, cookie, is_behind_tls
):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = is_behind_tls

    client.get("/accounts/login")
    morsel = sign_in(client, ana).cookies[cookie]

    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert morsel["domain"] == ""
    assert bool(morsel["secure"]) == is_behind_tls


def test_a_session_that_somebody_planted_is_not_kept(ana, client):
    client.get("/coocook/bookings")
    client.cookies["sessionid"] = planted = "planted0planted0planted0planted0"

    sign_in(client, ana)

    assert client.cookies["sessionid"].value != planted


def test_a_session_ends_with_signing_out(ana, browse):
    browser = browse(ana)
    stolen = browser.cookies["sessionid"].value
    browser.post("/accounts/logout")

    thief = Client()
    thief.cookies["sessionid"] = stolen

    assert thief.get("/account").status_code == 302


def test_other_sessions_end_with_a_new_password(ana, browse, client):
    elsewhere = browse(ana)
    sign_in(client, ana)
    fields = {"oldpassword": PASSWORD} | dict.fromkeys(("password1", "password2"), "another-word")

    assert client.post("/accounts/password/change", fields).status_code == 302

    assert elsewhere.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("caller", ["nobody", "ana", "ben"])
def test_the_admin_is_for_staff(caller, request, browse):
    user = None if caller == "nobody" else request.getfixturevalue(caller)
    browser = browse(user)
    pages = ["admin:index", "admin:password_change", "admin:jsi18n", "admin:autocomplete"]

    for name in [*pages, *LISTS]:
        assert browser.get(reverse(name)).status_code in {302, 403}, name


def test_the_admin_shows_staff_every_list(browse, dee, rows):
    browser = browse(dee)

    for name in LISTS:
        assert browser.get(reverse(name)).status_code == 200
        for query in ("?q=%00", "?o=99.-99", "?p=99999999999", "?e=1", "?id__exact=x", "?all="):
            answer = browser.get(reverse(name) + query)
            assert answer.status_code in {200, 302, 400}, (name, query)


def test_staff_without_a_permission_changes_nothing(browse, ben, rows):
    ben.is_staff = True
    ben.save()
    browser = browse(ben)

    for name in LISTS:
        assert browser.get(reverse(name)).status_code == 403
