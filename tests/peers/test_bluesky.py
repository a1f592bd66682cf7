"""Bluesky's own server takes what we write, once: text, pictures, threads, and what it refuses."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sns.networks import NETWORKS
from sns.networks.bluesky import sessions
from sns.networks.protocol import NetworkLater, NetworkRefused
from sns.text.units import graphemes
from softfactory.kernel import clock
from tests.peers.bluesky_server import bluesky
from tests.sns.posts import PNG, make_content, make_picture

NETWORK = NETWORKS["bluesky"]
MINUTES = 60


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1", "localhost"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with bluesky(tmp_path_factory.mktemp("bluesky")) as server:
        yield server


@pytest.fixture(scope="module")
def ben(server):
    return server.sign_up("ben")


@pytest.fixture(scope="module")
def ana(server):
    return server.sign_up("ana")


@pytest.fixture
def access(server, ben):
    return NETWORK.connect(
        server.address, {"identifier": ben.handle, "app_password": ben.app_password}
    )


@pytest.fixture
def publish(server, ben, access, request):
    """Publish under a key of the test's own; returns what the network says, and the new records."""

    def publish(content, key=request.node.name):
        before = {record["uri"] for record in server.posts_of(ben)}
        published = NETWORK.publish(access, content, key)
        return published, [row for row in server.posts_of(ben) if row["uri"] not in before]

    return publish


def test_connects_with_an_app_password(access, ben, server):
    assert (access.remote_id, access.handle) == (ben.did, ben.handle)
    with pytest.raises(NetworkRefused) as refusal:
        NETWORK.connect(server.address, {"identifier": ben.handle, "app_password": "wrong"})
    assert refusal.value.code == "wrong_credentials"


def test_writes_what_is_in_the_text(publish, ana):
    text = f"김치 👨‍👩‍👧‍👦 #Kimchi with @{ana.handle}: https://a.example/메뉴"
    _published, (record,) = publish(make_content(text))

    assert record["value"]["text"] == text
    features = [facet["features"][0] for facet in record["value"]["facets"]]
    assert [feature["$type"].partition("#")[2] for feature in features] == [
        "tag",
        "mention",
        "link",
    ]
    assert features[1]["did"] == ana.did


def test_pictures_arrive_with_their_words(publish):
    _published, (record,) = publish(make_content("Look", pictures=(make_picture(),) * 4))

    images = record["value"]["embed"]["images"]
    assert [image["alt"] for image in images] == ["A dot"] * 4
    assert images[0]["image"]["size"] == len(PNG)
    assert images[0]["aspectRatio"] == {"width": 1, "height": 1}


def test_a_link_is_a_card(publish):
    content = make_content("Come", link="https://a.example/menu", title="Menu")
    _published, (record,) = publish(content)
    assert record["value"]["embed"]["external"]["title"] == "Menu"


def test_a_thread_hangs_together(publish):
    published, records = publish(make_content("One", "Two", "Three"))

    by_text = {record["value"]["text"]: record for record in records}
    reply = by_text["Three"]["value"]["reply"]
    assert reply["root"]["uri"] == by_text["One"]["uri"]
    assert reply["parent"]["uri"] == by_text["Two"]["uri"]
    assert len(published.remote_id.split()) == 3


def test_the_same_key_twice_is_one_record(publish, access):
    content = make_content("Twice", pictures=(make_picture(),))
    assert NETWORK.find(access, content, "twice") is None
    first, new = publish(content, "twice")
    second, more = publish(content, "twice")

    assert (len(new), more) == (1, [])
    assert first.remote_id == second.remote_id
    assert NETWORK.find(access, content, "twice").url == first.url


def test_the_same_key_from_eight_at_once_is_one_record(server, ben, access):
    before = len(server.posts_of(ben))
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _n: publish_anyhow(access, "At once"), range(8)))
    assert len({one.remote_id for one in made}) == 1
    assert len(server.posts_of(ben)) == before + 1


def publish_anyhow(access, text):
    """What whoever is turned away does."""
    for _ in range(5):
        try:
            return NETWORK.publish(access, make_content(text), "at-once")
        except NetworkLater:
            time.sleep(0.1)
    raise AssertionError("It is turned away for ever")


def test_what_is_deleted_is_gone(publish, server, ben, access):
    published, records = publish(make_content("One", "Two"))
    NETWORK.delete(access, published.remote_id)
    NETWORK.delete(access, published.remote_id)

    left = {record["uri"] for record in server.posts_of(ben)}
    assert not left & {record["uri"] for record in records}


@pytest.mark.parametrize(
    "sign", ["x", "e\u0301", "각", "\u1100\u1161\u11a8", "🇰🇷", "👍🏽", "न", "क्ष"]
)
def test_counts_as_we_do(publish, access, sign):
    fits = sign * 300
    assert graphemes(fits) == 300
    publish(make_content(fits), f"fits-{sign.encode().hex()}")
    with pytest.raises(NetworkRefused) as refusal:
        NETWORK.publish(access, make_content(fits + sign), "too-long")
    assert refusal.value.code == "content"
    assert NETWORK.check(make_content(fits + sign), NETWORK.rules({}))[0].code == "too_long"


def test_a_session_that_is_over_is_renewed(publish, access):
    publish(make_content("Before"), "before")
    for account, session in list(sessions._kept.items()):
        sessions._kept[account] = replace(session, token=session.token[:-4] + "AAAA")
    _published, new = publish(make_content("After"), "after")
    assert len(new) == 1


def test_nobody_counts_reactions_without_an_appview(publish, access):
    published, _new = publish(make_content("Liked?"))
    assert NETWORK.reactions(access, published.remote_id) is None


def test_says_when_to_come_again(tmp_path):
    with bluesky(tmp_path, rate_limits=True) as server:
        cho = server.sign_up("cho")
        credentials = {"identifier": cho.handle, "app_password": cho.app_password}
        for _ in range(30):
            NETWORK.connect(server.address, credentials)
        with pytest.raises(NetworkLater) as later:
            NETWORK.connect(server.address, credentials)

    wait = (later.value.retry_at - clock.now()).total_seconds()
    assert 0 < wait <= 5 * MINUTES
    assert later.value.answered.status == 429
