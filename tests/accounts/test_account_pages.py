"""The pages of one's account: profile, tokens, and the corner that knows who is looking."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from softfactory.accounts.models import ApiToken
from tests.makers import PASSWORD, make_chef, make_token

ACCOUNT = "/account"
NEW_TOKEN = "/account/tokens/new"
MENU = "/fragments/account-menu"
PROFILE = {"name": "Ana Moreira", "language": "en", "timezone": "Europe/Lisbon"}


@pytest.mark.parametrize("url", [ACCOUNT, NEW_TOKEN, "/account/tokens/1/revoke"])
def test_who_is_not_signed_in_is_sent_to_do_that_and_back(db, client, url):
    response = client.get(url)

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login?next={url}"


def test_a_profile_is_changed(ana, browse):
    response = browse(ana).post(ACCOUNT, PROFILE)

    assert (response.status_code, response["Location"]) == (302, ACCOUNT)
    ana.refresh_from_db()
    assert (ana.name, ana.timezone) == ("Ana Moreira", "Europe/Lisbon")


def test_a_profile_changes_nothing_else_of_its_row(ana, browse):
    browse(ana).post(ACCOUNT, PROFILE | {"is_staff": "on", "email": "dee@example.test"})

    ana.refresh_from_db()
    assert (ana.is_staff, ana.email) == (False, "ana@example.test")


def test_choosing_a_language_leads_to_the_page_in_it(ana, browse):
    browser = browse(ana)
    response = browser.post(ACCOUNT, PROFILE | {"language": "ko"})

    assert response["Location"] == "/ko/account"
    assert browser.get("/ko/account").headers["Content-Language"] == "ko"
    ana.refresh_from_db()
    assert ana.language == "ko"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 101), ("language", "xx"), ("timezone", "Mars/Olympus")],
)
def test_a_wrong_profile_is_kept_and_explained(ana, browse, field, value):
    response = browse(ana).post(ACCOUNT, PROFILE | {field: value})

    assert response.status_code == 200
    assert response.context["form"].has_error(field)
    ana.refresh_from_db()
    assert ana.name == "Ana"


def test_the_page_lists_ones_own_tokens(ana, cho, browse):
    make_token(ana, name="Calendar of mine")
    make_token(cho, name="Of somebody else")

    page = browse(ana).get(ACCOUNT).content.decode()

    assert "Calendar of mine" in page
    assert "Of somebody else" not in page


def test_a_new_token_is_shown_once(ana, browse, api):
    browser = browse(ana)
    body = {"name": "Calendar", "scopes": ["accounts:read"], "expires_in_days": "30"}

    shown = browser.post(NEW_TOKEN, body)

    text = shown.context["text"]
    assert text in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert text not in browser.get(ACCOUNT).content.decode()
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert client.get("/api/auth/me").json()["scopes"] == ["accounts:read"]


def test_a_form_offers_the_scopes_of_the_role_alone(ana, dee, browse):
    assert b"monitoring:read" not in browse(ana).get(NEW_TOKEN).content
    assert b"monitoring:read" in browse(dee).get(NEW_TOKEN).content


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scopes": []}, {"scopes": ["monitoring:read"]}, {"expires_in_days": "7000"}],
)
def test_a_wrong_wish_for_a_token_issues_none(ana, browse, wrong):
    body = {"name": "x", "scopes": ["accounts:read"], "expires_in_days": "30"} | wrong

    response = browse(ana).post(NEW_TOKEN, body)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not ApiToken.objects.exists()


def test_revoking_asks_first_and_then_works_at_once(ana, browse, api):
    text = make_token(ana)
    url = f"/account/tokens/{ApiToken.objects.get().pk}/revoke"
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    browser = browse(ana)

    assert browser.get(url).status_code == 200
    assert client.get("/api/auth/me").status_code == 200
    assert browser.post(url)["Location"] == ACCOUNT
    assert client.get("/api/auth/me").status_code == 401


def test_a_strangers_token_looks_absent(ana, cho, browse):
    make_token(ana)
    url = f"/account/tokens/{ApiToken.objects.get().pk}/revoke"

    assert browse(cho).get(url).status_code == 404
    assert browse(cho).post(url).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_queries_do_not_grow_with_the_tokens(ana, browse):
    for _n in range(60):
        make_token(ana)
    browser = browse(ana)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(ACCOUNT)

    assert page.content.count(b"/revoke") == 50
    assert len(queries) == 4  # session, user, second factor, tokens


def test_the_menu_of_nobody_offers_to_sign_in_and_come_back(db, client):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/coocook/explore?q=tea"}

    menu = client.get(MENU, headers=here).content.decode()

    assert "/accounts/login?next=%2Fcoocook%2Fexplore%3Fq%3Dtea" in menu
    assert "/accounts/signup?next=" in menu


@pytest.mark.parametrize("url", ["http://testserver/accounts/login", "https://evil.example/x"])
def test_the_menu_leads_back_neither_to_signing_in_nor_elsewhere(db, client, url):
    menu = client.get(MENU, headers={"HX-Request": "true", "HX-Current-URL": url}).content

    assert b"next=" not in menu


def test_the_menu_shows_what_is_ones_own(ana, ben, dee, browse):
    make_chef(ben)
    menus = {user.name: browse(user).get(MENU).content.decode() for user in (ana, ben, dee)}

    assert all(name in menu for name, menu in menus.items())
    assert [name for name, menu in menus.items() if "/coocook/requests" in menu] == ["Ben"]
    assert [name for name, menu in menus.items() if "/admin/" in menu] == ["Dee"]
    assert [name for name, menu in menus.items() if "/styleguide" in menu] == ["Dee"]


def test_the_menu_is_nobody_elses_to_keep(ana, browse):
    browser = browse(ana)

    with CaptureQueriesContext(connection) as queries:
        menu = browser.get(MENU)

    assert menu["Cache-Control"] == "private, no-store"
    assert len(queries) == 3  # session, user, whether she owns a chef


def test_what_was_posted_too_late_waits_until_one_has_signed_in(ana, browse):
    browser = browse(ana)
    browser.logout()  # as an expired session is gone

    late = browser.post(ACCOUNT, PROFILE | {"name": "Ana the Late"})
    signed_in = browser.post(late["Location"], {"login": ana.email, "password": PASSWORD})
    page = browser.get(signed_in["Location"])

    assert signed_in["Location"] == ACCOUNT
    assert page.context["form"]["name"].value() == "Ana the Late"
    assert b"still here" in page.content
    ana.refresh_from_db()
    assert ana.name == "Ana"  # until she sends it herself
    assert browser.get(ACCOUNT).context["form"]["name"].value() == "Ana"


def test_a_form_needs_its_csrf_token(ana):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)

    assert browser.post(ACCOUNT, PROFILE).status_code == 403
