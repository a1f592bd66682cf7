"""Where a request comes from: the connection's other end, or what a trusted proxy says it was."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

#: Who has one IPv6 address has a network of this length to choose others from.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address; `""` for a connection that has none (a Unix socket).

    X-Forwarded-For is read from its right end, and only as far as the hops are proxies named in
    TRUSTED_PROXIES: whatever stands left of that, anybody may have written.
    """
    address = _plain(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    while hops and _is_trusted(address) and _is_address(hops[-1]):
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


def _is_trusted(address: str) -> bool:
    if address == "":  # a proxy on this machine, by a Unix socket
        return bool(settings.TRUSTED_PROXIES)
    return _is_address(address) and any(
        ip_address(address) in network for network in settings.TRUSTED_PROXIES
    )
