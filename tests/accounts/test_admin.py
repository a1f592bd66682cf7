"""Users and tokens in the admin: found, filtered, revoked; never a secret."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from softfactory.accounts.models import ApiToken, User
from tests.accounts.second_factor import SECRET, give_app
from tests.makers import PASSWORD, make_token, make_user

USERS = "/admin/accounts/user/"
TOKENS = "/admin/accounts/apitoken/"
FACTORS = "/admin/mfa/authenticator/"


def test_the_admin_is_entered_by_the_sites_own_sign_in(db, client):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == (
        "/accounts/login?next=%2Fadmin%2F"
    )


def test_the_admin_is_closed_to_who_is_not_staff(ana, browse):
    assert browse(ana).get("/admin/login/?next=/admin/").status_code == 403


def test_the_index_shows_what_there_is(dee, browse):
    page = browse(dee).get("/admin/")

    assert page.status_code == 200
    assert b"SoftFactory" in page.content
    assert all(url.encode() in page.content for url in (USERS, TOKENS, FACTORS))
    assert b"unsafe-inline" not in page["Content-Security-Policy"].encode()
    assert b"<style" not in page.content
    assert b"onclick" not in page.content


def test_users_are_found_by_address_and_name(dee, ana, cho, browse):
    page = browse(dee).get(USERS, {"q": "ana@"}).content.decode()

    assert "ana@example.test" in page
    assert "cho@example.test" not in page


@pytest.mark.parametrize("url", [USERS, TOKENS, FACTORS])
def test_queries_do_not_grow_with_the_rows(dee, browse, url):
    browser = browse(dee)
    counts = []
    for _round in range(2):
        for _n in range(3):
            user = make_user()
            make_token(user)
            give_app(user)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_user_is_added_by_address(dee, browse):
    body = {"email": "Eve@Example.test", "name": "Eve", "usable_password": "true"}
    body |= {"password1": PASSWORD, "password2": PASSWORD}

    response = browse(dee).post(f"{USERS}add/", body)

    assert response.status_code == 302, response.context["adminform"].errors
    eve = User.objects.get(email="eve@example.test")
    assert eve.check_password(PASSWORD)


def test_an_address_is_its_owners_to_change(dee, ana, browse):
    page = browse(dee).get(f"{USERS}{ana.pk}/change/").content.decode()

    assert 'name="name"' in page
    assert 'name="email"' not in page


def test_a_password_set_by_staff_revokes_the_users_tokens_alone(dee, ana, ben, browse, api):
    hers, his = api(ana), api(ben)
    body = {"usable_password": "true", "password1": "a-better-one-7", "password2": "a-better-one-7"}

    browse(dee).post(f"{USERS}{ana.pk}/password/", body)

    assert hers.get("/api/auth/me").status_code == 401
    assert his.get("/api/auth/me").status_code == 200


def test_tokens_are_revoked_by_the_service(dee, ana, browse, api):
    client = api(ana)
    token = ApiToken.objects.get()
    action = {"action": "revoke", "_selected_action": [token.pk]}

    page = browse(dee).post(TOKENS, action, follow=True)

    assert b"1 token is revoked." in page.content
    assert client.get("/api/auth/me").status_code == 401


def test_a_token_is_neither_added_nor_edited(dee, ana, browse):
    make_token(ana)
    token = ApiToken.objects.get()
    browser = browse(dee)

    assert browser.get(f"{TOKENS}add/").status_code == 403
    browser.post(f"{TOKENS}{token.pk}/change/", {"name": "Renamed", "revoked_at_0": "2020-01-01"})
    token.refresh_from_db()
    assert (token.name, token.revoked_at) == ("", None)


def test_a_second_factor_can_be_taken_away_but_not_read(dee, ana, browse):
    factor = give_app(ana)
    browser = browse(dee)

    page = browser.get(f"{FACTORS}{factor.pk}/change/")

    assert page.status_code == 200
    assert SECRET.encode() not in page.content
    assert browser.post(f"{FACTORS}{factor.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ana.authenticator_set.exists()
