"""The rules of accounts, and the command that issues a token."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from softfactory.accounts.models import SCOPES, ApiToken, User
from softfactory.accounts.services import people, tokens
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError
from softfactory.kernel.registry import due
from tests.makers import PASSWORD, make_token, make_user


def test_scopes_follow_the_role(ana, dee):
    assert tokens.scopes_of(dee) == SCOPES
    assert not any(scope.startswith("monitoring") for scope in tokens.scopes_of(ana))


def test_a_token_never_has_more_scopes_than_its_role(ana):
    with pytest.raises(DomainError) as refusal:
        tokens.issue_token(user=ana, now=clock.now(), scopes=["monitoring:write", "sns:read"])

    assert refusal.value.code == "scope_not_allowed"
    assert "monitoring:write" in refusal.value.message
    assert "sns:read" not in refusal.value.message


def test_revoking_twice_keeps_the_first_date(ana):
    make_token(ana)
    token, now = ApiToken.objects.get(), clock.now()

    assert tokens.revoke_token(token=token, now=now)
    assert not tokens.revoke_token(token=token, now=now + timedelta(days=1))
    token.refresh_from_db()
    assert token.revoked_at == now


def test_a_hash_that_is_renewed_is_no_new_password(ana, settings):
    make_token(ana)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]

    assert ana.check_password(PASSWORD)
    assert ana.password.startswith("pbkdf2")
    assert ApiToken.objects.get().revoked_at is None
    ana.set_password("a-better-one-7")
    ana.save(update_fields=["password"])
    assert ApiToken.objects.get().revoked_at is not None


def test_tokens_are_forgotten_a_month_after_they_expired(ana):
    now = clock.now()
    long_ago, recently = now - timedelta(days=31), now - timedelta(days=29)
    make_token(ana, name="expired long ago", expires_at=long_ago)
    make_token(ana, name="revoked and expired long ago", revoked_at=long_ago, expires_at=long_ago)
    make_token(ana, name="expired recently", expires_at=recently)
    make_token(ana, name="revoked", revoked_at=long_ago)
    make_token(ana, name="working")

    assert tokens.prune_tokens(now) == 2
    left = set(ApiToken.objects.values_list("name", flat=True))
    assert left == {"expired recently", "revoked", "working"}


def test_sessions_are_forgotten_when_they_are_over(ana, browse):
    browse(ana)
    now = clock.now()

    assert people.prune_sessions(now) == 0
    assert people.prune_sessions(now + timedelta(days=15)) == 1
    assert not Session.objects.exists()


def test_both_are_done_when_their_time_has_come():
    registered = dict(due.items())

    assert registered["accounts.tokens"] is tokens.prune_tokens
    assert registered["accounts.sessions"] is people.prune_sessions


def test_the_demos_token_is_recognised(ana):
    assert not tokens.demo_token_exists()
    ApiToken.for_text(
        tokens.DEMO_TOKEN, user=ana, expires_at=clock.now() + timedelta(days=1)
    ).save()
    assert tokens.demo_token_exists()


def test_an_address_is_kept_once_and_in_lower_case(ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("ANA@example.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Upper@example.test").save()


def test_the_command_prints_a_token_that_works(ana, api):
    out = StringIO()
    scopes = ["--scope", "accounts:read", "sns:read", "--scope", "sns:write"]
    call_command("issue_token", "Ana@Example.test", *scopes, stdout=out)

    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {out.getvalue().strip()}")
    assert client.get("/api/auth/me").json()["scopes"] == ["accounts:read", "sns:read", "sns:write"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody@example.test"], "no user"),
        (["ana@example.test", "--scope", "monitoring:read"], "monitoring:read"),
        (["ana@example.test", "--scope", "kitchen:read"], "invalid choice"),
        (["ana@example.test", "--days", "0"], "--days"),
    ],
)
def test_the_command_says_what_is_wrong(ana, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("issue_token", *arguments)
    assert not ApiToken.objects.exists()
