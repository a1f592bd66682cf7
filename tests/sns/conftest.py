"""What tests of social posts stand on: a network of their own, and Ana's account on it."""

import pytest

from sns.networks import NETWORKS
from tests.sns.makers import make_account
from tests.sns.peer import Peer


@pytest.fixture
def peer(monkeypatch):
    """A network that honours keys."""
    peer = Peer()
    monkeypatch.setitem(NETWORKS, "peer", peer)
    return peer


@pytest.fixture
def account(ana, peer):
    """Ana's account on it."""
    return make_account(ana, network="peer", server="https://peer.example")
