"""Issuing a token through the API: who gets one, with which scopes, and who does not."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from softfactory.accounts.models import SCOPES, ApiToken
from tests.accounts.second_factor import code_now, give_app, give_recovery_codes, wrong_code
from tests.bookings.answers import problem, wrong_fields
from tests.makers import PASSWORD

TOKENS = "/api/auth/tokens"
OF_STAFF = {"monitoring:read", "monitoring:write"}


@pytest.fixture
def issue(api):
    """`issue(ana, name="x")` asks for a token of Ana's by her password."""

    def ask(user, **body):
        return api().post(TOKENS, {"email": user.email, "password": PASSWORD} | body)

    return ask


@pytest.fixture
def stopped_clock():
    """A code of an authenticator app stays the right one while a test runs."""
    with time_machine.travel(datetime.fromisoformat("2027-03-01T12:00:05Z"), tick=False) as clock:
        yield clock


def test_a_password_buys_a_token_that_opens_the_api(api, ana, issue):
    response = issue(ana, name="Calendar")

    assert response.status_code == 201
    token = response.json()
    assert token["token"].startswith("sf_")
    assert token["hint"] == token["token"][-4:]
    assert token["name"] == "Calendar"
    assert token["last_used_at"] is None
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token['token']}")
    assert client.get("/api/auth/me").json()["id"] == ana.pk


def test_the_text_of_a_token_is_shown_once_and_not_kept(api, ana, issue):
    text = issue(ana).json()["token"]

    row = ApiToken.objects.get()
    assert row.digest == ApiToken.digest_of(text)
    kept = [str(value) for value in ApiToken.objects.values_list().get()]
    assert not any(text in value for value in kept)
    assert text not in api(ana).get(TOKENS).content.decode()
    assert text not in api(ana).get(f"{TOKENS}/{row.pk}").content.decode()


def test_an_address_is_the_same_in_capitals(ana, api):
    response = api().post(TOKENS, {"email": "ANA@Example.TEST", "password": PASSWORD})

    assert response.status_code == 201


def test_a_token_has_every_scope_of_its_role_unless_told_otherwise(ana, dee, issue):
    assert set(issue(ana).json()["scopes"]) == set(SCOPES) - OF_STAFF
    assert set(issue(dee).json()["scopes"]) == set(SCOPES)


def test_a_token_has_the_scopes_that_were_asked_for(ana, api, issue):
    asked = ["bookings:read", "accounts:read", "bookings:read"]

    token = issue(ana, scopes=asked).json()

    assert token["scopes"] == ["accounts:read", "bookings:read"]
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token['token']}")
    assert client.get("/api/auth/me").status_code == 200
    assert problem(client.delete(f"{TOKENS}/{token['id']}")) == (403, "scope_missing")


def test_monitoring_is_for_tokens_of_staff(ana, issue):
    response = issue(ana, scopes=["monitoring:read"])

    assert problem(response) == (422, "scope_not_allowed")
    assert not ApiToken.objects.exists()


def test_a_token_expires_when_it_was_told_to(ana, issue, stopped_clock):
    token = issue(ana, expires_in_days=7).json()

    lifetime = datetime.fromisoformat(token["expires_at"]) - datetime.fromisoformat(
        token["created_at"]
    )
    assert lifetime == timedelta(days=7)


def test_an_expired_token_opens_nothing(api, ana, issue, stopped_clock):
    client = api()
    token = issue(ana, expires_in_days=7).json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    stopped_clock.shift(timedelta(days=7))

    assert problem(client.get("/api/auth/me")) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"email": "required", "password": "required"}),
        ({"email": "ana@example.test"}, {"password": "required"}),
        ({"password": PASSWORD}, {"email": "required"}),
        ({"email": "ana", "password": PASSWORD}, {"email": "invalid"}),
        ({"email": "ana@example.test", "password": 1, "role": "staff"}, {"role": "unknown"}),
        ({"email": "ana@example.test", "password": []}, {"password": "invalid"}),
        ({"email": "ana@example.test", "password": "x" * 1001}, {"password": "max_length"}),
        ({"scopes": ["kitchen:read"]}, {"scopes.0": "invalid_choice"}),
        ({"scopes": []}, {"scopes": "empty"}),
        ({"scopes": "bookings:read"}, {"scopes": "not_a_list"}),
        ({"expires_in_days": 0}, {"expires_in_days": "min_value"}),
        ({"expires_in_days": 366}, {"expires_in_days": "max_value"}),
        ({"name": "x" * 101}, {"name": "max_length"}),
        ({"name": "nul\x00"}, {"name": "null_characters_not_allowed"}),
    ],
)
def test_a_wrong_shape_is_named(ana, api, body, wrong):
    response = api().post(TOKENS, body)

    assert wrong_fields(response) == wrong
    assert not ApiToken.objects.exists()


def test_only_json_is_read(ana, api):
    form = api().post(TOKENS, "email=ana@example.test", content_type="text/plain")
    broken = api().post(TOKENS, "{", content_type="application/json")

    assert form.status_code == 415
    assert broken.status_code == 400


@pytest.mark.parametrize("email", ["ana@example.test", "nobody@example.test"])
def test_a_wrong_password_says_the_same_as_an_unknown_address(ana, api, email):
    response = api().post(TOKENS, {"email": email, "password": "wrong"})

    assert problem(response) == (401, "invalid_credentials")
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert not ApiToken.objects.exists()


def test_who_was_shut_out_gets_none(ana, issue):
    ana.is_active = False
    ana.save()

    assert problem(issue(ana)) == (401, "invalid_credentials")


def test_an_address_must_be_confirmed_first(ana, issue):
    ana.emailaddress_set.update(verified=False)

    assert problem(issue(ana)) == (403, "email_unverified")
    assert not ApiToken.objects.exists()


def test_the_second_factor_is_asked_for(ana, issue, stopped_clock):
    give_app(ana)

    assert problem(issue(ana)) == (401, "second_factor_required")
    assert problem(issue(ana, code=wrong_code())) == (401, "invalid_code")
    assert not ApiToken.objects.exists()
    assert issue(ana, code=code_now()).status_code == 201


def test_a_code_counts_once(ana, issue, stopped_clock):
    give_app(ana)
    issue(ana, code=code_now())

    assert problem(issue(ana, code=code_now())) == (401, "invalid_code")


def test_a_recovery_code_counts_once(ana, issue):
    give_app(ana)
    code, *_others = give_recovery_codes(ana)

    assert issue(ana, code=code).status_code == 201
    assert problem(issue(ana, code=code)) == (401, "invalid_code")


def test_the_second_factor_is_not_asked_before_the_password_is_right(ana, api):
    give_app(ana)

    response = api().post(TOKENS, {"email": ana.email, "password": "wrong", "code": code_now()})

    assert problem(response) == (401, "invalid_credentials")


def test_a_browsers_session_needs_no_password(ana, browse):
    response = browse(ana).post(TOKENS, {"name": "Mine"}, content_type="application/json")

    assert response.status_code == 201
    assert ApiToken.objects.get().user == ana


def test_a_browsers_session_needs_a_csrf_token(ana):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)

    response = browser.post(TOKENS, {}, content_type="application/json")

    assert response.status_code == 403
    assert not ApiToken.objects.exists()


def test_a_token_issues_no_token(ana, api):
    client = api(ana)

    assert wrong_fields(client.post(TOKENS, {})) == {"email": "required", "password": "required"}
    assert ApiToken.objects.count() == 1


def test_an_idempotency_key_is_refused(ana, api):
    body = {"email": ana.email, "password": PASSWORD}

    response = api().post(TOKENS, body, headers={"Idempotency-Key": "once"})

    assert problem(response) == (400, "idempotency_key_refused")
    assert not ApiToken.objects.exists()


def test_no_session_begins_and_no_answer_is_kept(ana, issue):
    response = issue(ana)

    assert not response.cookies
    assert response["Cache-Control"] == "private, no-store"
