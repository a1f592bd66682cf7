"""Tokens that are kept in the process: asked for no more, and never longer than they are good."""

import pytest
from django.contrib.auth.models import update_last_login
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from softfactory.accounts import kept_tokens
from softfactory.accounts.kept_tokens import token_of
from softfactory.accounts.models import ApiToken, User
from softfactory.accounts.services.tokens import prune_tokens, revoke_token
from softfactory.kernel import clock
from tests.makers import make_token, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def used():
    """The digest of a token that was used, and so is kept."""
    digest = ApiToken.digest_of(make_token(make_user()))
    token_of(digest)
    return digest


def looked_up(digest):
    """Tell whether the token's row was read."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        token_of(digest)
    return any("accounts_apitoken" in query["sql"] for query in queries)


def test_a_token_is_looked_up_once_and_then_kept():
    digest = ApiToken.digest_of(make_token(make_user()))

    assert looked_up(digest)
    assert not looked_up(digest)


def test_the_next_request_asks_nothing(used, django_assert_num_queries):
    with django_assert_num_queries(0):
        token_of(used)


def test_token_and_user_are_the_rows_that_django_reads(used):
    django = ApiToken.objects.select_related("user").get()
    ours = token_of(used)

    assert columns_of(ours) == columns_of(django)
    assert columns_of(ours.user) == columns_of(django.user)
    assert ours.scopes
    assert not ours.user._state.adding


def columns_of(row):
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_an_unknown_token_is_looked_up_each_time():
    assert token_of("unknown") is None
    assert looked_up("unknown")


def test_a_revoked_token_is_known_as_such_at_once(used):
    revoke_token(token=token_of(used), now=clock.now())

    assert not token_of(used).is_valid(now=clock.now())


@pytest.mark.parametrize(
    "write",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: User.objects.update(is_active=False),
        lambda user: setattr(user, "is_active", False) or user.save(),
        lambda user: setattr(user, "is_active", False) or user.save(update_fields=["is_active"]),
    ],
)
def test_a_user_who_is_shut_out_is_so_at_once(used, write):
    write(User.objects.get())

    assert not token_of(used).user.is_active


def test_a_new_password_revokes_what_was_kept(used):
    user = User.objects.get()
    user.set_password("another password")
    user.save()

    assert token_of(used).revoked_at is not None


def test_a_deleted_token_is_gone(used):
    ApiToken.objects.all().delete()

    assert token_of(used) is None


def test_what_is_written_and_not_committed_is_not_kept(used):
    with transaction.atomic():
        ApiToken.objects.update(name="for a moment")
        assert token_of(used).name == "for a moment"
        transaction.set_rollback(True)

    assert token_of(used).name == ""


def test_others_may_come_and_go(used):
    stranger = make_user()
    make_token(stranger)
    update_last_login(None, stranger)
    prune_tokens(clock.now())

    assert not looked_up(used)


def test_no_request_sees_what_another_one_did_to_its_copy(used):
    first = token_of(used)
    first.user.name, first.name = "Mallory", "changed"

    assert token_of(used).name == ""
    assert token_of(used).user.name != "Mallory"


def test_no_more_are_kept_than_there_is_room_for(used, monkeypatch):
    monkeypatch.setattr(kept_tokens._tokens, "_most", 1)

    token_of(ApiToken.digest_of(make_token(make_user())))

    assert looked_up(used)
