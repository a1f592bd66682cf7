"""Bluesky, against a small server that speaks its protocol; tests/peers has the real one."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.networks import NETWORKS
from sns.networks.bluesky.records import facets_of, record_key
from sns.networks.protocol import NetworkLater, NetworkRefused, Part, Reactions
from tests.networks.bluesky import DID, PASSWORD, BlueskyPeer
from tests.networks.peer import FAIL, Command, later, peer
from tests.sns.networks.contract import NetworkContract, ThreadContract
from tests.sns.networks.nonsense import NonsenseContract
from tests.sns.posts import AT, PNG, make_content, make_picture

TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


@pytest.fixture
def network():
    return NETWORKS["bluesky"]


@pytest.fixture
def server(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with peer(BlueskyPeer) as server:
        yield server


@pytest.fixture
def access(network, server):
    return network.connect(server.url, {"identifier": "@ben.test", "app_password": PASSWORD})


@pytest.fixture
def connect(network, server):
    return lambda: network.connect(server.url, {"identifier": "ben.test", "app_password": PASSWORD})


@pytest.fixture
def shown(server):
    return lambda: [post["value"]["text"] for post in server.posts]


class TestBluesky(NetworkContract, ThreadContract, NonsenseContract):
    """The contract."""


def test_connecting_tells_who_it_is(access, server):
    assert (access.server, access.handle, access.remote_id) == (server.url, "ben.test", DID)
    assert PASSWORD not in repr(access)


def test_a_wrong_password_is_said_so(network, server):
    with pytest.raises(NetworkRefused, match="Invalid identifier") as refusal:
        network.connect(server.url, {"identifier": "ben.test", "app_password": "wrong"})
    assert refusal.value.code == "wrong_credentials"


def test_a_record_is_the_same_whenever_it_is_written(network, access, server):
    content = make_content("Kimchi", pictures=(make_picture(),))
    network.publish(access, content, "k1")
    before = dict(server.posts[0])
    network.publish(access, content, "k1")

    (post,) = server.posts
    assert (post["value"], post["writes"]) == (before["value"], 2)
    assert post["value"]["createdAt"] == "2026-03-01T09:30:00.000Z"
    assert TID.fullmatch(post["key"])


@given(st.text(max_size=40), st.integers(0, 24))
def test_keys_are_time_stamps_that_nobody_else_has(key, number):
    one = record_key(key, number, AT)
    assert TID.fullmatch(one)
    assert one == record_key(key, number, AT)
    assert (
        record_key("", 0, AT - timedelta(days=1)) < one < record_key("", 0, AT + timedelta(days=1))
    )


def test_a_hundred_thousand_posts_at_one_moment_have_keys_of_their_own():
    assert len({record_key(str(number), 0, AT) for number in range(100_000)}) == 100_000


def test_what_is_in_the_text_is_marked_in_its_bytes():
    part = Part("김치 #맛 @ana.test @nobody.test @ben@b.example https://a.example/맛.")
    dids = {"ana.test": "did:plc:ana"}

    marked = {
        part.text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode():
        next(value for name, value in facet["features"][0].items() if name != "$type")
        for facet in facets_of(part, dids.get)
    }  # fmt: skip

    assert marked == {
        "#맛": "맛",
        "@ana.test": "did:plc:ana",
        "https://a.example/맛": "https://a.example/맛",
    }


def test_pictures_have_words_and_a_shape(network, access, server):
    network.publish(access, make_content("Look", pictures=(make_picture(),) * 2), "k1")

    embed = server.posts[0]["value"]["embed"]
    assert embed["$type"] == "app.bsky.embed.images"
    assert [image["alt"] for image in embed["images"]] == ["A dot"] * 2
    assert embed["images"][0]["aspectRatio"] == {"width": 1, "height": 1}
    assert embed["images"][0]["image"]["size"] == len(PNG)


def test_a_link_is_a_card_unless_there_are_pictures(network, access, server):
    link = {"link": "https://a.example/menu", "title": "Menu"}
    network.publish(access, make_content("Come", **link), "k1")
    network.publish(access, make_content("Look", pictures=(make_picture(),), **link), "k2")

    card, pictured = (post["value"] for post in server.posts)
    assert card["embed"]["external"] == {
        "uri": "https://a.example/menu",
        "title": "Menu",
        "description": "",
    }
    assert pictured["text"] == "Look\n\nhttps://a.example/menu"
    assert pictured["facets"][0]["features"][0]["uri"] == "https://a.example/menu"


def test_a_thread_replies_to_its_beginning_and_to_what_is_before(network, access, server):
    network.publish(access, make_content("One", "Two", "Three"), "k1")

    one, two, three = server.posts
    root, parent = three["value"]["reply"]["root"], three["value"]["reply"]["parent"]
    assert root == server.strong(one)
    assert parent == server.strong(two)
    assert one["value"]["createdAt"] < two["value"]["createdAt"] < three["value"]["createdAt"]


# --- Sessions -------------------------------------------------------------------------------


def test_signs_in_once(network, access, server):
    before = len(server.asked("createSession"))
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(lambda n: network.publish(access, make_content(str(n)), str(n)), range(16))
        )
    assert len(server.asked("createSession")) - before == 1
    assert len(server.posts) == 16


def test_a_session_that_is_over_is_renewed(network, access, server, shown):
    network.publish(access, make_content("One"), "k1")
    signed_in = len(server.asked("createSession"))

    server.expire()
    network.publish(access, make_content("Two"), "k2")
    assert len(server.asked("createSession")) == signed_in
    assert len(server.asked("refreshSession")) == 1

    server.sign_out()
    network.publish(access, make_content("Three"), "k3")
    assert len(server.asked("createSession")) == signed_in + 1
    assert shown() == ["One", "Two", "Three"]


def test_a_password_that_was_withdrawn_breaks_the_account(network, access, server):
    network.publish(access, make_content("One"), "k1")
    server.sign_out()
    server.passwords.clear()

    with pytest.raises(NetworkRefused) as refusal:
        network.publish(access, make_content("Two"), "k2")
    assert (refusal.value.code, refusal.value.account_broken) == ("signed_out", True)


def test_an_account_that_was_taken_down_is_broken(network, access, server):
    server.sign_out()
    server.taken_down = True
    with pytest.raises(NetworkRefused) as refusal:
        network.publish(access, make_content(), "k1")
    assert (refusal.value.code, refusal.value.account_broken) == ("suspended", True)


@pytest.mark.parametrize("command", [FAIL, Command(503), Command(), later(9)])
@pytest.mark.parametrize("route", ["refreshSession", "createSession"])
def test_trouble_with_a_session_is_no_broken_account(network, access, server, command, route):
    network.publish(access, make_content("One"), "k1")
    server.sign_out() if route == "createSession" else server.expire()
    server.commands_for[route].append(command)

    with pytest.raises(NetworkLater):
        network.publish(access, make_content("Two"), "k2")
    network.publish(access, make_content("Two"), "k2")


def test_a_server_that_refuses_its_own_sessions_is_in_trouble(network, access, server):
    expired = Command(400, {}, {"error": "ExpiredToken"})
    server.commands.extend([expired, expired])
    with pytest.raises(NetworkLater):
        network.publish(access, make_content(), "k1")


def test_what_it_does_not_take_is_said_in_its_words(network, access):
    with pytest.raises(NetworkRefused, match="too long") as refusal:
        network.publish(access, make_content("x" * 301), "k1")
    assert (refusal.value.code, refusal.value.account_broken) == ("content", False)
    assert [i.code for i in network.check(make_content("x" * 301), network.rules({}))] == [
        "too_long"
    ]


# --- Reactions ------------------------------------------------------------------------------


def test_counts_reactions_where_somebody_does(network, access, server):
    published = network.publish(access, make_content("One", "Two"), "k1")
    assert network.reactions(access, published.remote_id) is None

    first = published.remote_id.split()[0]
    server.likes = {f"at://{DID}/app.bsky.feed.post/{first}": 5}
    assert network.reactions(access, published.remote_id) == Reactions(5, 2, 2)
