"""Passwords, codes and tokens: in no log, and in no answer but the one."""

import logging

import pytest

from tests.accounts.second_factor import give_app
from tests.makers import PASSWORD, make_token

TOKENS = "/api/auth/tokens"


@pytest.fixture
def logged(caplog):
    """All that is logged meanwhile, at every level."""
    caplog.set_level(logging.DEBUG)

    def text():
        records = [record for record in caplog.records if not record.name.startswith("django.db")]
        return "\n".join(logging.Formatter("%(message)s %(args)s").format(r) for r in records)

    return text


def test_nothing_secret_is_logged(ana, api, client, logged):
    text = make_token(ana)
    body = {"email": ana.email, "password": PASSWORD}
    issued = api().post(TOKENS, body).json()["token"]
    client.post("/accounts/login", {"login": ana.email, "password": "a-wrong-secret"})
    client.post("/accounts/login", {"login": ana.email, "password": PASSWORD})
    give_app(ana)
    api().post(TOKENS, body | {"code": "987654"})
    reader = api()
    reader.credentials(HTTP_AUTHORIZATION="Bearer sf_somebody_elses")
    reader.get(TOKENS)

    said = logged()
    assert "/api/auth/tokens" in said
    for secret in (text, issued, PASSWORD, "a-wrong-secret", "987654", "sf_somebody_elses"):
        assert secret not in said


def test_a_wrong_request_is_not_answered_with_its_secrets(ana, api):
    body = {"email": "ana", "password": "a-secret-word", "code": "12", "scopes": "a-secret-scope"}

    answer = api().post(TOKENS, body).content.decode()

    assert "a-secret-word" not in answer
