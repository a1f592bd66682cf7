"""Where a request comes from, with and without proxies that are believed."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from softfactory.kernel.http.addresses import client_address, client_network


def request_from(peer, forwarded=None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        ([], "203.0.113.9", None, "203.0.113.9"),
        ([], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.1"], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.1"], "10.0.0.1", None, "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.1"], "10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (["10.0.0.0/8"], "10.9.9.9", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "", "198.51.100.1", "198.51.100.1"),
        ([], "", "198.51.100.1", ""),
        (["::1"], "::1", "2001:db8::7", "2001:db8::7"),
        ([], "::ffff:203.0.113.9", None, "203.0.113.9"),
        (["10.0.0.1"], "::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_only_trusted_proxies_are_believed(settings, proxies, peer, forwarded, address):
    settings.TRUSTED_PROXIES = [ip_network(proxy) for proxy in proxies]

    assert client_address(request_from(peer, forwarded)) == address


def test_an_ipv6_network_counts_as_one_client():
    one, other = request_from("2001:db8:1:2::a"), request_from("2001:db8:1:2:ffff::b")

    assert client_network(one) == client_network(other) == "2001:db8:1:2::/64"
    assert client_network(request_from("203.0.113.9")) == "203.0.113.9"
    assert client_network(request_from("::ffff:203.0.113.9")) == "203.0.113.9"
