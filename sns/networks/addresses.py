"""Servers as people name them, in one spelling."""

import re
from urllib.parse import urlsplit

from sns.networks.protocol import NetworkRefused
from softfactory.kernel.outbound import Refused
from softfactory.kernel.targets import Target

INSIDE = re.compile(r"/(wp-admin|wp-login\.php|wp-json|index\.php)(/.*)?$")


def address_of(server: str, *, default: str = "") -> str:
    """Return `https://host[:port]` of what somebody wrote. Raises NetworkRefused."""
    written = server.strip().rstrip("/") or default
    if written.startswith("@"):  # @ben@mastodon.example: somebody, and their server
        written = written.rpartition("@")[2]
    if "://" not in written:
        written = f"https://{written}"
    try:
        target = Target.of(written)
    except Refused as error:
        raise NetworkRefused("address", str(error)) from None
    return f"{target.scheme}://{urlsplit(written).netloc.lower()}"


def site_of(server: str) -> str:
    """Return the address with its folder, for a WordPress that need not lie at a server's root; its
    pages for those who write there are no part of it.
    """
    root = address_of(server)
    written = server.strip() if "://" in server else f"https://{server.strip()}"
    return root + INSIDE.sub("", urlsplit(written).path).rstrip("/")
