"""WordPress, against a small site that makes a second post of a repeated slug, as the real one."""

import re

import pytest

from sns.networks import NETWORKS
from sns.networks.protocol import NetworkLater, NetworkRefused, Reactions
from sns.networks.wordpress.pages import blocks_of, slug_of, title_of
from tests.networks.peer import Command, peer
from tests.networks.wordpress import PASSWORD, USERNAME, WordPressPeer
from tests.sns.networks.contract import NetworkContract
from tests.sns.networks.nonsense import NonsenseContract
from tests.sns.posts import PNG, make_content, make_picture


@pytest.fixture
def network():
    return NETWORKS["wordpress"]


@pytest.fixture
def server(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with peer(WordPressPeer) as server:
        yield server


@pytest.fixture
def access(network, server):
    credentials = {"username": USERNAME, "app_password": PASSWORD}
    return network.connect(f"{server.url}/blog/", credentials)


@pytest.fixture
def connect(network, server):
    credentials = {"username": USERNAME, "app_password": PASSWORD}
    return lambda: network.connect(server.url, credentials)


@pytest.fixture
def shown(server):
    return lambda: [post["title"] for post in server.posts if post["status"] == "publish"]


class TestWordPress(NetworkContract, NonsenseContract):
    """The contract."""


def test_a_site_may_lie_in_a_folder(network, access, server):
    assert (access.server, access.handle) == (f"{server.url}/blog", "ben")
    network.publish(access, make_content(), "k1")
    assert all(one.path.startswith("/blog/?rest_route=") for one in server.received)


@pytest.mark.parametrize(
    ("password", "may_publish", "code"),
    [("wrong", True, "wrong_credentials"), (PASSWORD, False, "not_allowed")],
)
def test_refuses_who_may_not_publish(network, server, password, may_publish, code):
    server.may_publish = may_publish
    with pytest.raises(NetworkRefused) as refusal:
        network.connect(server.url, {"username": USERNAME, "app_password": password})
    assert refusal.value.code == code


def test_another_kind_of_site_is_said_to_be_one(network, server):
    server.commands_for["/"].append(Command(200, {}, {}, is_recorded=False))
    with pytest.raises(NetworkRefused) as refusal:
        network.connect(server.url, {"username": USERNAME, "app_password": PASSWORD})
    assert refusal.value.code == "wrong_server"


@pytest.mark.parametrize("numbered", [True, False])
def test_a_second_is_taken_back(network, access, server, shown, numbered):
    server.numbers_slugs = numbered
    quicker = []

    def somebody_is_quicker(page):
        server.meanwhile = lambda _page: None
        quicker.append(server.make(page))

    server.meanwhile = somebody_is_quicker
    published = network.publish(access, make_content("Kimchi"), "k1")

    assert shown() == ["Kimchi"]
    assert server.made == 2
    assert published.remote_id == str(quicker[0]["id"])


def test_a_second_whose_answer_was_lost_is_taken_back_by_who_looks(network, access, server, shown):
    server.numbers_slugs = False
    network.publish(access, make_content("Kimchi"), "k1")
    server.make(dict(server.posts[0]))
    assert len(shown()) == 2

    found = network.find(access, make_content("Kimchi"), "k1")

    assert [str(post["id"]) for post in server.posts] == [found.remote_id]


def test_pictures_are_uploaded_once_and_described(network, access, server):
    pictures = (make_picture(), make_picture(alt='Two "dots"'))
    content = make_content("Look", pictures=pictures)
    server.commands.append(Command(503))
    with pytest.raises(NetworkLater):
        network.publish(access, content, "k1")
    network.publish(access, content, "k1")

    (post,) = server.posts
    assert [one["alt_text"] for one in server.media] == ["A dot", 'Two "dots"']
    assert [one["size"] for one in server.media] == [len(PNG)] * 2
    assert post["featured_media"] == server.media[0]["id"]
    assert 'alt="Two &quot;dots&quot;"' in post["content"]
    assert "A dot" not in post["content"]


@pytest.mark.parametrize(
    ("content", "title", "slug"),
    [
        (make_content("Kimchi on Friday\nCome!"), "Kimchi on Friday", "kimchi-on-friday-"),
        (make_content("Come!", title="Our menu"), "Our menu", "our-menu-"),
        (make_content("김치"), "김치", ""),
        (make_content("x" * 99), "x" * 79 + "…", "x" * 60 + "-"),
    ],
)
def test_addresses_are_words_and_digits_of_the_key(content, title, slug):
    assert title_of(content) == title
    assert re.fullmatch(slug + "[0-9a-f]{12}", slug_of(content, "k1"))
    assert slug_of(content, "k1") != slug_of(content, "k2")


def test_a_text_is_blocks_and_nothing_in_it_is_html():
    text = 'One <script>\n"two"\n\nSee https://a.example/?a=1&b=2.'
    blocks = blocks_of(make_content(text), [])

    assert "<p>One &lt;script&gt;<br>&quot;two&quot;</p>" in blocks
    link = "https://a.example/?a=1&amp;b=2"
    assert f'<p>See <a href="{link}">{link}</a>.</p>' in blocks
    assert blocks.count("<!-- wp:paragraph -->") == 2


def test_a_post_goes_into_the_bin_if_there_is_one(network, access, server):
    one = network.publish(access, make_content("One"), "k1")
    network.delete(access, one.remote_id)
    assert [post["status"] for post in server.posts] == ["trash"]

    server.has_bin = False
    two = network.publish(access, make_content("Two"), "k2")
    network.delete(access, two.remote_id)
    assert [post["status"] for post in server.posts] == ["trash"]


@pytest.mark.parametrize(
    ("status", "code", "expected", "broken"),
    [
        (401, "incorrect_password", "signed_out", True),
        (403, "rest_cannot_publish", "not_allowed", True),
        (403, "blocked_by_firewall", "refused", False),
        (413, "", "too_large", False),
        (400, "rest_invalid_param", "content", False),
    ],
)
def test_refusals_are_said_in_its_words(network, access, server, status, code, expected, broken):
    server.commands.append(Command(status, {}, {"code": code, "message": "No."}))
    with pytest.raises(NetworkRefused, match="No") as refusal:
        network.publish(access, make_content(), "k1")
    assert (refusal.value.code, refusal.value.account_broken) == (expected, broken)


def test_counts_comments(network, access):
    published = network.publish(access, make_content(), "k1")
    assert network.reactions(access, published.remote_id) == Reactions(replies=4)
