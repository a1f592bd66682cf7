"""Servers, however people name them."""

import pytest

from sns.networks.addresses import address_of, site_of
from sns.networks.protocol import NetworkRefused


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("mastodon.example", "https://mastodon.example"),
        (" https://Mastodon.Example/@ben/ ", "https://mastodon.example"),
        ("@ben@mastodon.example", "https://mastodon.example"),
        ("https://a.example:8443/x?y#z", "https://a.example:8443"),
        ("", "https://bsky.social"),
    ],
)
def test_an_address_is_a_server(written, address):
    assert address_of(written, default="https://bsky.social") == address


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("blog.example", "https://blog.example"),
        ("https://a.example/blog/", "https://a.example/blog"),
        ("a.example/blog/wp-admin/post.php", "https://a.example/blog"),
        ("https://a.example/wp-login.php", "https://a.example"),
        ("https://a.example/wp-json/wp/v2", "https://a.example"),
    ],
)
def test_a_site_may_lie_in_a_folder(written, site):
    assert site_of(written) == site


@pytest.mark.parametrize(
    "written", ["", "http://a.example", "https://ana:pw@a.example", "a b", "://"]
)
def test_what_is_no_server_is_refused(written):
    with pytest.raises(NetworkRefused) as refusal:
        address_of(written)
    assert refusal.value.code == "address"
