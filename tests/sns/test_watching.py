"""Servers are asked for their limits once a day, each once."""

from datetime import timedelta

import pytest

from sns.models import SocialAccount
from sns.networks.protocol import NetworkLater
from sns.services import watching
from sns.services.accounts import break_account, connect_account, disconnect_account
from sns.services.watching import refresh_facts
from tests.sns.peer import at

pytestmark = pytest.mark.django_db

NOW = at("2027-03-01T09:00")
DAY = timedelta(days=1)


def connect(user, password="kimchi", network="peer"):
    credentials = {"password": password} if network == "peer" else {}
    server = "" if network == "peer" else "https://hooks.example/in"
    return connect_account(
        user=user, network=network, server=server, credentials=credentials, now=NOW
    )


@pytest.fixture
def account(ana, peer):
    account = connect(ana)
    peer.calls.clear()
    return account


def facts():
    return [row.facts for row in SocialAccount.objects.order_by("pk")]


def test_once_a_day(peer, account):
    peer.told = {"most": 9}

    assert refresh_facts(NOW + DAY - timedelta(seconds=1)) == 0
    assert refresh_facts(NOW + DAY) == 1
    assert refresh_facts(NOW + DAY) == 0

    assert (facts(), peer.calls) == ([{"most": 9}], ["facts"])
    assert refresh_facts(NOW + 2 * DAY) == 1


def test_each_server_once_for_all_of_its_accounts(peer, ben, account):
    connect(ben)
    peer.calls.clear()
    peer.told = {"most": 9}

    assert refresh_facts(NOW + DAY) == 1

    assert (facts(), peer.calls) == ([{"most": 9}, {"most": 9}], ["facts"])


def test_what_a_server_said_before_stays_if_it_says_nothing(peer, account):
    SocialAccount.objects.update(facts={"most": 5})
    peer.then = [NetworkLater("Down."), lambda: 1 / 0]

    assert refresh_facts(NOW + DAY) == 0
    assert refresh_facts(NOW + 2 * DAY) == 0

    assert (facts(), peer.calls) == ([{"most": 5}], ["facts", "facts"])
    assert SocialAccount.objects.get().works


def test_an_account_connected_again_meanwhile_keeps_what_it_heard(peer, account, monkeypatch):
    def connected_before(row, facts, *, now):
        later = {"facts": {"most": 7}, "facts_due_at": now + DAY + timedelta(seconds=1)}
        SocialAccount.objects.update(**later)
        keep(row, facts, now=now)

    keep = watching._keep
    monkeypatch.setattr(watching, "_keep", connected_before)
    peer.told = {"most": 9}

    refresh_facts(NOW + DAY)

    assert facts() == [{"most": 7}]


def test_who_was_faster_asks_alone(peer, account, monkeypatch):
    def taken(row, *, now):
        SocialAccount.objects.update(facts_due_at=now + DAY)
        return claim(row, now=now)

    claim = watching._claim
    monkeypatch.setattr(watching, "_claim", taken)

    assert refresh_facts(NOW + DAY) == 0
    assert peer.calls == []


@pytest.mark.parametrize("how", ["broken", "disconnected", "alike"])
def test_whom_nobody_asks(peer, ana, account, how):
    if how == "broken":
        break_account(account=account, reason="No.", now=NOW)
    else:
        disconnect_account(account=account, now=NOW)
    if how == "alike":
        connect(ana, network="webhook")

    assert refresh_facts(NOW + DAY) == 0
    assert peer.calls == []
