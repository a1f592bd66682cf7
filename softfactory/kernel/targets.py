"""Addresses of other servers, taken apart, and refused if nothing good can come of calling them."""

import ipaddress
import re
import socket
from typing import NamedTuple, Self
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

PORTS = {"https": 443, "http": 80}
NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
# What is handed out to networks of the world; the rest of IPv6 maps, tunnels or is local.
IPV6_UNICAST = ipaddress.IPv6Network("2000::/3")


class OutboundError(Exception):
    """The call came to nothing. The message names the host at most, never path or secret.

    `may_have_arrived`: the request was on its way, so that the other side may have acted on it.
    """

    may_have_arrived = False


class Refused(OutboundError):
    """We do not call this; trying again changes nothing."""


class Target(NamedTuple):
    """An address, taken apart once. `is_allowed` if OUTBOUND_ALLOW lists its host."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool

    @classmethod
    def of(cls, url: str) -> Self:
        """Read an address. Raises Refused for one that we do not call, whatever it leads to."""
        parts = _parts(url)
        host = _canonical_host(parts.hostname or "")
        is_allowed = host in {allowed.lower().strip("[]") for allowed in settings.OUTBOUND_ALLOW}
        if parts.scheme not in PORTS or (parts.scheme == "http" and not is_allowed):
            raise Refused(_("Only https addresses are called. Write one."))
        if not is_allowed and _is_ours(host):
            raise not_public(host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, host, parts.port or PORTS[parts.scheme], path, is_allowed)


def _is_ours(host: str) -> bool:
    """Tell whether this can only mean a machine of this network: a name without a dot, a number."""
    try:
        return not is_public(socket.inet_ntoa(socket.inet_aton(host)))  # in any spelling
    except OSError:
        return "." not in host if ":" not in host else not is_public(host)


def not_public(host: str) -> Refused:
    """Return the refusal of a host that is, or leads to, what is not everybody's."""
    message = _("%(host)s is not on the public Internet. It is not called.")
    return Refused(message % {"host": host})


def _malformed() -> Refused:
    return Refused(_("This is no address of the form https://host/path. Correct it."))


def _parts(url: str) -> SplitResult:
    if not re.fullmatch(r"[!-\[\]-~]+", url):  # no blanks, controls, backslashes, other scripts
        raise _malformed()
    try:
        parts = urlsplit(url)
        _port = parts.port  # read here, since it is the port that may be out of range
    except ValueError:
        raise _malformed() from None
    if parts.netloc.startswith("[") != (":" in (parts.hostname or "")):
        raise _malformed()
    if "@" in parts.netloc:
        raise Refused(_("User and password do not belong into an address. Leave them out."))
    return parts


def _canonical_host(host: str) -> str:
    host = host.rstrip(".")
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host if "%" not in host else "").compressed
        except ValueError:
            raise _malformed() from None
    if not NAME.fullmatch(host):
        raise _malformed()
    return host


def is_public(text: str) -> bool:
    """Tell whether an IP address is one that anybody on the Internet reaches."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        return address in IPV6_UNICAST and address.is_global
    return address.is_global and not (address.is_multicast or address.is_reserved)
