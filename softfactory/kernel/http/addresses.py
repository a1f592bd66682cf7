"""Where a request comes from: the connection's other end, or what a trusted proxy says it was."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

#: Who has one IPv6 address has a network of this length to choose others from.
IPV6_PREFIX = 64

type Proxies = tuple[IPv4Network | IPv6Network, ...]


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address; `""` for a connection that has none (a Unix socket).

    X-Forwarded-For is read from its right end, and only as far as the hops are proxies named in
    TRUSTED_PROXIES: whatever stands left of that, anybody may have written.
    """
    remote, forwarded = (
        request.META.get(name, "") for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")
    )
    return _behind(remote, forwarded, tuple(settings.TRUSTED_PROXIES))


@lru_cache(maxsize=256)  # whoever asks often is looked at once
def _behind(remote: str, forwarded: str, proxies: Proxies) -> str:
    address = _plain(remote)
    hops = [hop.strip() for hop in forwarded.split(",")]
    while hops and _is_trusted(address, proxies) and _is_address(hops[-1]):
        address = _plain(hops.pop())
    return address


def client_network(request: HttpRequest) -> str:
    """Return what counts as one client: its IPv4 address, or its IPv6 network."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False))


def _plain(address: str) -> str:
    """Return an IPv4 address that an IPv6 socket saw, `::ffff:192.0.2.1`, as `192.0.2.1`."""
    mapped = _is_address(address) and getattr(ip_address(address), "ipv4_mapped", None)
    return str(mapped) if mapped else address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str, proxies: Proxies) -> bool:
    if address == "":  # a proxy on this machine, by a Unix socket
        return bool(proxies)
    return _is_address(address) and any(ip_address(address) in network for network in proxies)
