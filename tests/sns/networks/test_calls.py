"""Calls to networks: what their answers mean, and when they want to be asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from sns.networks import NETWORKS
from sns.networks.calls import Server, retry_at
from sns.networks.protocol import NetworkLater, NetworkRefused, NetworkUnsure
from sns.networks.reasons import MENDING
from tests.receivers import DROP, Answer, http_receiver

NOW = datetime(2027, 3, 1, 9, 30, 15, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.fixture
def receiver(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as server:
        yield server


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Mon, 01 Mar 2027 09:31:00 GMT"}, 45),
        ({"Retry-After": "30", "RateLimit-Reset": str(EPOCH + 99)}, 30),
        ({"RateLimit-Reset": str(EPOCH + 212)}, 212),
        ({"RateLimit-Reset": str(EPOCH - 5)}, 0),
        ({"RateLimit-Reset": "60"}, 60),
        ({"X-RateLimit-Reset": "2027-03-01T09:35:15.000000Z"}, 300),
        ({"X-RateLimit-Reset": "2027-03-01T09:00:00Z"}, 0),
        ({"X-RateLimit-Reset": "2027-03-01T09:35:15"}, None),
        ({"RateLimit-Reset": "99999999999999999"}, None),
        ({"RateLimit-Reset": "soon"}, None),
    ],
)
def test_knows_when_to_ask_again(headers, seconds):
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert retry_at(headers, now=NOW) == expected


@pytest.mark.parametrize("status", [408, 425, 429, 503])
def test_what_was_turned_away_comes_later(receiver, status):
    receiver.commands.append(Answer(status))
    with pytest.raises(NetworkLater):
        Server(receiver.url).write("POST", "/")


@pytest.mark.parametrize("command", [DROP, Answer(500), Answer(502), Answer(504)])
def test_only_a_write_leaves_one_unsure(receiver, command):
    receiver.commands.extend([command] * 3)
    with pytest.raises(NetworkUnsure):
        Server(receiver.url).write("POST", "/")
    with pytest.raises(NetworkLater):
        Server(receiver.url).write("POST", "/", is_harmless=True)
    with pytest.raises(NetworkLater):
        Server(receiver.url).read("/")


def test_an_address_of_ours_is_refused():
    with pytest.raises(NetworkRefused) as refusal:
        Server("https://10.0.0.1").read("/")
    assert refusal.value.code == "address"


def test_all_calls_of_one_thing_have_their_time(receiver):
    with pytest.raises(NetworkLater):
        Server(receiver.url, ends_at=0).write("POST", "/")
    assert receiver.received == []


def test_a_page_in_place_of_json_is_no_reason(receiver):
    receiver.commands.append(Answer(404, {}, b"<html>"))
    with pytest.raises(NetworkRefused, match="It answered 404"):
        Server(receiver.url).read("/")


def test_each_network_has_a_key_a_name_and_fields():
    for key, network in NETWORKS.items():
        assert network.key == key
        assert network.name
        assert len({field.name for field in network.credentials}) == len(network.credentials)
    assert all(str(text).endswith(".") for text in MENDING.values())
