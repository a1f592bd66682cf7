"""Accounts: connected, broken and mended, disconnected; what opens them stays here."""

from functools import partial

import pytest

from sns.models import Post, Publication, SocialAccount
from sns.networks.protocol import NetworkLater, NetworkRefused
from sns.services.accounts import (
    break_account,
    connect_account,
    disconnect_account,
    edit_account,
    reseal_secrets,
)
from softfactory.kernel.problems import DomainError
from softfactory.kernel.sealing import reseal
from tests.makers import make_feature
from tests.sns.makers import make_publication
from tests.sns.peer import at

NOW = at("2027-03-01T09:00")
SEOUL_LUNCH = [{"weekday": 0, "at": "12:00"}]


def connect(user, **overrides):
    values = {"network": "peer", "server": "", "credentials": {"password": "kimchi"}} | overrides
    return connect_account(user=user, now=NOW, **values)


def code_of(call):
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.code


def test_connects_what_the_network_lets_in(ana, peer):
    account = connect(ana)
    assert (account.handle, account.server) == ("@kimchi", "https://peer.example")
    assert account.secrets == {"password": "kimchi"}


def test_says_why_a_network_does_not(ana, peer):
    peer.then = [NetworkRefused("wrong_credentials", "Bad password."), NetworkLater("Down.")]
    assert code_of(lambda: connect(ana)) == "connect_refused"
    assert code_of(lambda: connect(ana)) == "network_unreachable"
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"network": "myspace"},
        {"credentials": {}},
        {"credentials": {"password": "kimchi", "pin": "1"}},
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(ana, peer, wrong):
    assert code_of(lambda: connect(ana, **wrong)) == "invalid"
    assert peer.calls == []


def test_connected_again_a_broken_account_goes_on_with_its_settings(ana, peer):
    account = connect(ana)
    edit_account(account=account, versions=None, now=NOW, slots=SEOUL_LUNCH, timezone="UTC")
    break_account(account=account, reason="Revoked.", now=NOW)
    assert not SocialAccount.objects.get().works
    again = connect(ana)
    assert again.works
    assert (again.pk, again.slots, again.timezone) == (account.pk, SEOUL_LUNCH, "UTC")


def test_disconnecting_forgets_secrets_and_cancels_what_waits(ana, peer):
    account = connect(ana)
    publication = make_publication(account)
    disconnect_account(account=account, now=NOW)
    gone = SocialAccount.objects.get()
    assert (gone.is_active, gone.sealed_secrets) == (False, "")
    assert Publication.objects.get().state == "cancelled"
    assert Post.objects.get(pk=publication.post_id).state == "cancelled"
    assert not SocialAccount.objects.visible_to(ana)
    assert connect(ana).pk == account.pk


def test_as_many_accounts_as_the_plan_allows(ana, ben, peer):
    make_feature("sns.accounts", kind="limit", free=1)
    account = connect(ana)
    assert code_of(lambda: connect(ana, server="https://other.example")) == "limit_reached"
    assert connect(ana).pk == account.pk
    disconnect_account(account=account, now=NOW)
    connect(ana, server="https://other.example")
    assert code_of(lambda: connect(ana)) == "limit_reached"
    connect(ben)


def test_rotation_seals_anew(ana, peer):
    account = connect(ana)
    assert reseal_secrets(reseal) == 1
    again = SocialAccount.objects.get()
    assert again.sealed_secrets != account.sealed_secrets
    assert again.secrets == account.secrets
    assert again.version == account.version


@pytest.mark.parametrize(
    "slots", [[{"weekday": 7, "at": "12:00"}], [{"weekday": 0, "at": "noon"}], [{}]], ids=str
)
def test_refuses_queue_times_that_are_none(ana, peer, slots):
    account = connect(ana)
    edit = partial(edit_account, account=account, versions=None, now=NOW, slots=slots)
    assert code_of(edit) == "invalid"
