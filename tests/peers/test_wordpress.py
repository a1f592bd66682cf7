"""WordPress itself takes what we write, once, though it honours no keys."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sns.networks import NETWORKS
from sns.networks.protocol import NetworkRefused, Reactions
from sns.networks.wordpress.pages import slug_of
from tests.peers.wordpress_server import wordpress
from tests.sns.posts import make_content, make_picture

NETWORK = NETWORKS["wordpress"]


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with wordpress(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture
def access(site):
    return NETWORK.connect(site.address, site.author)


def titles(site):
    return [post["title"]["rendered"] for post in site.ask("posts&per_page=100")]


def test_connects_who_may_publish(site, access):
    assert access.handle == "ben"
    for credentials, code in [
        (site.contributor, "not_allowed"),
        ({"username": "ben", "app_password": "wrong"}, "wrong_credentials"),
    ]:
        with pytest.raises(NetworkRefused) as refusal:
            NETWORK.connect(site.address, credentials)
        assert refusal.value.code == code


def test_publishes_what_was_written(site, access):
    text = 'Kimchi <on> "Friday"\n\nSee https://a.example/?a=1&b=2'
    published = NETWORK.publish(access, make_content(text, title="Our <menu>"), "k1")

    post = site.ask(f"posts/{published.remote_id}")
    assert post["status"] == "publish"
    assert "Kimchi &lt;on&gt;" in post["content"]["rendered"]
    assert 'href="https://a.example/?a=1&amp;b=2"' in post["content"]["rendered"]
    assert site.status_of(published.url) == 200


def test_pictures_are_described_and_featured(site, access):
    content = make_content("Look", pictures=(make_picture(), make_picture(alt="Two dots")))
    published = NETWORK.publish(access, content, "pictures")

    post = site.ask(f"posts/{published.remote_id}")
    featured = site.ask(f"media/{post['featured_media']}")
    assert featured["alt_text"] == "A dot"
    assert 'alt="Two dots"' in post["content"]["rendered"]
    assert site.status_of(featured["source_url"]) == 200


def test_the_same_key_twice_is_one_post(site, access):
    content = make_content("Twice")
    assert NETWORK.find(access, content, "twice") is None
    first = NETWORK.publish(access, content, "twice")
    second = NETWORK.publish(access, content, "twice")

    assert first.remote_id == second.remote_id
    assert NETWORK.find(access, content, "twice").url == first.url
    assert titles(site).count("Twice") == 1


def test_the_same_key_from_six_at_once_leaves_one_post(site, access):
    content = make_content("At once")
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda _n: NETWORK.publish(access, content, "at-once"), range(6)))

    slug = slug_of(content, "at-once")
    left = [post for post in site.ask("posts&per_page=100") if post["slug"].startswith(slug)]
    assert [post["slug"] for post in left] == [slug]
    assert {one.remote_id for one in made} == {str(left[0]["id"])}


def test_pictures_of_a_post_sent_twice_are_uploaded_once(site, access):
    content = make_content("Again", pictures=(make_picture(alt="Only once"),))
    published = NETWORK.publish(access, content, "again")
    NETWORK.delete(access, published.remote_id)
    NETWORK.publish(access, content, "again")

    media = [one for one in site.ask("media&per_page=100") if one["alt_text"] == "Only once"]
    assert len(media) == 1


def test_what_is_deleted_is_in_the_bin(site, access):
    content = make_content("Gone")
    published = NETWORK.publish(access, content, "gone")
    NETWORK.delete(access, published.remote_id)
    NETWORK.delete(access, published.remote_id)

    assert "Gone" not in titles(site)
    assert NETWORK.find(access, content, "gone") is None


def test_counts_comments(access):
    published = NETWORK.publish(access, make_content("Comment!"), "comments")
    assert NETWORK.reactions(access, published.remote_id) == Reactions()
