"""One post, written by API, on four networks at once: two of them are the real servers.

It is too long for Bluesky and Mastodon, so it is a thread there, a page on WordPress and a message
for the receiver.
"""

import json
from io import BytesIO
from urllib.request import Request, urlopen

import pytest
from django.db import connection
from PIL import Image
from standardwebhooks import Webhook as Receiver
from urllib3 import encode_multipart_formdata

from softfactory.kernel.webhooks import new_secret
from tests.networks.mastodon import TOKEN, MastodonPeer
from tests.networks.peer import peer
from tests.peers.bluesky_server import bluesky
from tests.peers.wordpress_server import wordpress
from tests.receivers import http_receiver
from tests.site import Site, throw_away_database

SENTENCE = "Kimchi takes a day to salt, a week to sour, and a winter to be missed. 김치! "
TEXT = f"{SENTENCE * 12}#kimchi https://a.example/menu"
LONGEST = 300
ALT = "A bowl of kimchi"


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Where to publish: by network, what the API is told, and who sees what is there."""
    with (
        bluesky(tmp_path_factory.mktemp("bluesky")) as pds,
        wordpress(tmp_path_factory.mktemp("wordpress")) as blog,
        peer(MastodonPeer) as mastodon,
        http_receiver() as receiver,
    ):
        ben = pds.sign_up("ben")
        opened = {"identifier": ben.handle, "app_password": ben.app_password}
        secret = new_secret()
        yield {
            "bluesky": (pds.address, opened, lambda: pds.posts_of(ben)),
            "wordpress": (blog.address, blog.author, lambda: blog.ask("posts")),
            "mastodon": (mastodon.url, {"access_token": TOKEN}, lambda: mastodon.posts),
            "webhook": (
                receiver.url,
                {"secret": secret},
                lambda: [Receiver(secret).verify(r.body, r.headers) for r in receiver.received],
            ),
        }


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with throw_away_database(connection.vendor, folder) as url:
        site = Site(folder, url, OUTBOUND_ALLOW="127.0.0.1")
        try:
            seeded = site.manage(
                "seed_demo", "--users", "1", "--chefs", "1", "--bookings", "0", "--json"
            )
            people = json.loads(seeded)["users"]
            site.token = next(who["token"] for who in people if who["role"] == "customer")
            site.start()
            yield site
        finally:
            site.kill()


@pytest.fixture(scope="module")
def publications(site, networks):
    """What became of the post, by network."""
    accounts = {}
    for name, (server, credentials, _seen) in networks.items():
        wish = {"network": name, "server": server, "credentials": credentials}
        made = site.call("POST", "/api/sns/accounts", wish, token=site.token)
        assert made.status == 201, made.body
        assert not any(
            secret.encode() in made.body for secret in credentials.values() if len(secret) > 10
        )
        accounts[made.json()["id"]] = name
    wish = {
        "text": TEXT,
        "account_ids": list(accounts),
        "title": "All about kimchi",
        "media": [uploaded(site)],
    }
    post = site.call("POST", "/api/sns/posts", wish, token=site.token)
    assert post.status == 201, post.body
    path = f"/api/sns/posts/{post.json()['id']}"
    sent = site.call("POST", f"{path}/publish", {}, token=site.token)
    assert sent.status == 200, sent.body
    for _ in range(2):  # the second finds nothing to do
        site.manage("run_due")
    listed = site.call("GET", f"{path}/publications", token=site.token).json()
    rows = listed["results"] if isinstance(listed, dict) else listed
    return {accounts[row["account_id"]]: row for row in rows}


def uploaded(site):
    """A picture's id, once it is there; it is too large in pixels for some."""
    content = BytesIO()
    Image.new("RGB", (3_000, 1_500), "darkred").save(content, "PNG")
    form = {"file": ("bowl.png", content.getvalue(), "image/png"), "alt": ALT}
    body, kind = encode_multipart_formdata(form)
    request = Request(
        f"http://127.0.0.1:{site.port}/api/sns/media",
        data=body,
        headers={"Content-Type": kind, "Authorization": f"Bearer {site.token}"},
    )
    with urlopen(request) as answer:
        return json.load(answer)["id"]


def test_its_picture_is_everywhere_with_its_words(publications, networks):
    first = min(networks["bluesky"][2](), key=lambda record: record["value"]["createdAt"])
    (image,) = first["value"]["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == (ALT, {"width": 2_000, "height": 1_000})
    assert image["image"]["size"] <= 1_000_000
    (media,) = networks["mastodon"][2]()[0]["media_attachments"]
    assert media["description"] == ALT
    (message,) = networks["webhook"][2]()
    assert message["data"]["parts"][0]["pictures"][0]["alt"] == ALT
    page = networks["wordpress"][2]()[0]
    assert page["featured_media"]


def test_it_is_published_everywhere_at_the_first_attempt(publications):
    assert {name: row["state"] for name, row in publications.items()} == dict.fromkeys(
        ("bluesky", "mastodon", "webhook", "wordpress"), "published"
    )
    for row in publications.values():
        (attempt,) = row["attempts"]
        assert (attempt["kind"], attempt["outcome"]) == ("send", "done")
    assert publications["bluesky"]["url"].startswith("https://bsky.app/profile/did:plc:")


def test_it_is_a_thread_on_bluesky(publications, networks):
    records = networks["bluesky"][2]()
    texts = [
        record["value"]["text"] for record in sorted(records, key=lambda r: r["value"]["createdAt"])
    ]
    assert len(texts) > 3
    assert all(len(text) <= LONGEST for text in texts)
    assert " ".join(texts).split() == TEXT.split()
    assert sum("reply" in record["value"] for record in records) == len(texts) - 1


def test_it_is_a_thread_on_mastodon(publications, networks):
    texts = [status["text"] for status in networks["mastodon"][2]()]
    assert 1 < len(texts) < 5
    assert " ".join(texts).split() == TEXT.split()


def test_it_is_a_page_on_wordpress(publications, networks):
    page = next(
        page
        for page in networks["wordpress"][2]()
        if page["link"] == publications["wordpress"]["url"]
    )
    assert page["title"]["rendered"] == "All about kimchi"
    assert page["content"]["rendered"].count("김치") == 12
    assert 'href="https://a.example/menu"' in page["content"]["rendered"]


def test_it_is_a_message_for_the_receiver(publications, networks):
    (message,) = networks["webhook"][2]()
    assert message["type"] == "post.published"
    assert " ".join(part["text"] for part in message["data"]["parts"]).split() == TEXT.split()
