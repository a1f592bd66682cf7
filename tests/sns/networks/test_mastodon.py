"""Mastodon, against a small server that speaks its language, with keys and without."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sns.networks import NETWORKS
from sns.networks.mastodon import network as module
from sns.networks.protocol import NetworkLater, NetworkRefused, NetworkUnsure, Reactions
from tests.networks.mastodon import LIMITS, TOKEN, MastodonPeer
from tests.networks.peer import DROP_AFTER, Command, peer
from tests.sns.networks.contract import NetworkContract, ThreadContract
from tests.sns.networks.nonsense import NonsenseContract
from tests.sns.posts import make_content, make_picture


@pytest.fixture
def network():
    return NETWORKS["mastodon"]


@pytest.fixture
def server(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with peer(MastodonPeer) as server:
        yield server


@pytest.fixture
def access(network, server):
    return network.connect(server.url, {"access_token": TOKEN})


@pytest.fixture
def connect(network, server):
    return lambda: network.connect(server.url, {"access_token": TOKEN})


@pytest.fixture
def shown(server):
    return lambda: [post["text"] for post in server.posts if "gone" not in post]


class TestMastodon(NetworkContract, ThreadContract, NonsenseContract):
    """The contract."""


class TestForgetfulMastodon(NetworkContract, ThreadContract):
    """The contract, where the server forgets keys: one looks first."""

    @pytest.fixture
    def access(self, network, server):
        server.keeps_keys = False
        return network.connect(server.url, {"access_token": TOKEN})

    def test_the_same_key_twice_is_one_post(self, network, access, shown):
        content = make_content("Kimchi")
        first = network.publish(access, content, "k1")
        assert network.find(access, content, "k1").remote_id == first.remote_id


# --- Connecting -----------------------------------------------------------------------------


@pytest.mark.parametrize("redirect_uri", ["https://softfactory.example/social/back", ""])
def test_is_let_in_by_its_user(network, server, redirect_uri):
    consent = network.begin(server.url, redirect_uri=redirect_uri, state="s3")
    page = urlsplit(consent.url)
    asked = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert (page.path, asked["state"]) == ("/oauth/authorize", "s3")
    assert asked["redirect_uri"] == (redirect_uri or "urn:ietf:wg:oauth:2.0:oob")
    assert consent.kept["client_secret"] not in consent.url + repr(consent)

    code = server.agree(asked["client_id"])
    access = network.connect(server.url, {**consent.kept, "code": f" {code} "})

    assert (access.handle, access.remote_id) == ("ben", "1")
    assert access.secrets["access_token"] in server.tokens
    with pytest.raises(NetworkRefused, match="expired") as refusal:
        network.connect(server.url, {**consent.kept, "code": code})
    assert refusal.value.code == "wrong_credentials"


@pytest.mark.parametrize("credentials", [{"access_token": "wrong"}, {}, {"access_token": "a\nb"}])
def test_wrong_credentials_are_said_to_be_wrong(network, server, credentials):
    with pytest.raises(NetworkRefused) as refusal:
        network.connect(server.url, credentials)
    assert refusal.value.code == "wrong_credentials"


def test_another_kind_of_server_is_said_to_be_one(network, server):
    server.commands_for["instance"].append(Command(404, {}, {}))
    server.commands_for["instance"].append(Command(404, {}, {}))
    with pytest.raises(NetworkRefused) as refusal:
        network.connect(server.url, {"access_token": TOKEN})
    assert refusal.value.code == "wrong_server"


def test_each_server_has_limits_of_its_own(network, server):
    server.limits = {
        "statuses": {"max_characters": 11_000, "characters_reserved_per_url": 30},
        "media_attachments": {"supported_mime_types": ["image/png"], "image_size_limit": "many"},
    }
    rules = network.rules(network.connect(server.url, {"access_token": TOKEN}).facts)

    assert (rules.most, rules.url_length, rules.pictures.most) == (11_000, 30, 4)
    assert rules.pictures.types == ("image/png",)
    assert rules.pictures.most_bytes == 16_777_216


def test_limits_are_asked_for_again(network, server):
    access = network.connect(server.url, {"access_token": TOKEN})
    server.limits = {"statuses": LIMITS["statuses"] | {"max_characters": 9_000}}

    assert network.rules(network.facts(access)).most == 9_000


def test_a_server_that_lets_nobody_in_any_more_has_no_usual_limits(network, server):
    access = network.connect(server.url, {"access_token": TOKEN})
    server.commands_for["instance"].append(Command(401, {}, {"error": "It was revoked."}))

    with pytest.raises(NetworkRefused):
        network.facts(access)


def test_older_servers_tell_their_limits_too(network, server):
    server.has_v2 = False
    server.limits = {"statuses": LIMITS["statuses"] | {"max_characters": 700}}
    rules = network.rules(network.connect(server.url, {"access_token": TOKEN}).facts)
    assert rules.most == 700


def test_a_server_that_says_nothing_has_what_is_usual(network):
    rules = network.rules({})
    assert (rules.most, rules.url_length, rules.counts_mention_domain) == (500, 23, False)


# --- Publishing -----------------------------------------------------------------------------


def test_pictures_are_described_and_waited_for(network, access, server, monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0, 0, 0))
    server.processing = 2
    network.publish(access, make_content("Look", pictures=(make_picture(),)), "k1")

    (picture,) = server.posts[0]["media_attachments"]
    assert picture["description"] == "A dot"
    assert picture["size"] == len(make_picture().content)


def test_a_picture_that_is_never_ready_comes_later(network, access, server, shown, monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0, 0))
    server.processing = 9
    with pytest.raises(NetworkLater):
        network.publish(access, make_content("Look", pictures=(make_picture(),)), "k1")
    assert shown() == []


def test_the_key_goes_with_the_status(network, access, server):
    network.publish(access, make_content("One", "Two"), "k1")
    sent = [one.headers["idempotency-key"] for one in server.received if one.method == "POST"]
    assert sent == ["k1-0", "k1-1"]


def test_what_was_deleted_can_be_published_again_at_once(network, access, server, shown):
    published = network.publish(access, make_content("Kimchi"), "k1")
    network.delete(access, published.remote_id)
    network.publish(access, make_content("Kimchi"), "k1")
    assert shown() == ["Kimchi"]


@pytest.mark.parametrize(
    "text",
    [
        'Kimchi & <b>rice</b>\nfor "two"\n\n#김치 it\'s',
        "One\n\n@ana@known.example and @cho@unknown.example, see https://a.example/" + "x" * 60,
        "👨‍👩‍👧‍👦  two   blanks ",
    ],
)
def test_finds_what_it_wrote_in_the_html(network, access, server, text):
    server.keeps_keys = False
    content = make_content(text, link="https://b.example/?a=1&b=2", pictures=(make_picture(),))
    published = network.publish(access, content, "k1")
    assert network.find(access, content, "k1").remote_id == published.remote_id


def test_does_not_take_another_post_for_it(network, access, server):
    old = network.publish(access, make_content("Kimchi"), "k1")
    reply = make_content("Soup", "Kimchi")
    network.publish(access, reply, "k2")

    later = make_content("Kimchi", created_at=make_content().created_at + timedelta(days=9999))
    assert network.find(access, later, "k3") is None
    assert network.find(access, make_content("Kimchi"), "k3", known=[old.remote_id]) is None
    pictured = make_content("Kimchi", pictures=(make_picture(),))
    assert network.find(access, pictured, "k3") is None


def test_finds_it_many_pages_back_by_a_clock_that_is_behind(network, access, server):
    server.behind = timedelta(minutes=4)
    content = make_content("Kimchi")
    published = network.publish(access, content, "k1")
    for number in range(90):
        network.publish(access, make_content(f"Soup {number}"), f"s{number}")
    assert network.find(access, content, "k1").remote_id == published.remote_id


def test_an_hour_later_a_broken_thread_still_goes_on(network, access, server, shown):
    content = make_content("One", "Two")
    server.keeps_keys = False
    server.commands.append(DROP_AFTER)
    with pytest.raises(NetworkUnsure):
        network.publish(access, content, "k1")
    assert network.find(access, content, "k1") is None

    network.publish(access, content, "k1")

    assert shown() == ["One", "Two"]


@pytest.mark.parametrize(
    ("status", "message", "code", "broken"),
    [
        (401, "The access token was revoked", "signed_out", True),
        (403, "Your login is currently disabled", "suspended", True),
        (403, "This action is outside the authorized scopes", "not_allowed", True),
        (403, "This action is not allowed", "not_allowed", False),
        (422, "Validation failed: Text can't be blank", "content", False),
        (413, "", "too_large", False),
    ],
)
def test_refusals_are_said_in_its_words(network, access, server, status, message, code, broken):
    server.commands.append(Command(status, {}, {"error": message}))
    with pytest.raises(NetworkRefused) as refusal:
        network.publish(access, make_content(), "k1")
    assert (refusal.value.code, refusal.value.account_broken) == (code, broken)
    assert message in refusal.value.reason


def test_counts_reactions_without_our_own_replies(network, access, server):
    published = network.publish(access, make_content("One", "Two"), "k1")
    assert network.reactions(access, published.remote_id) == Reactions(2, 0, 3)
    network.delete(access, published.remote_id)
    assert network.reactions(access, published.remote_id) is None
