"""Servers as people name them, in one spelling."""

from urllib.parse import urlsplit

from sns.networks.protocol import NetworkRefused
from softfactory.kernel.outbound import Refused
from softfactory.kernel.targets import Target


def address_of(server: str, *, default: str = "") -> str:
    """Return `https://host[:port]` of what somebody wrote. Raises NetworkRefused."""
    written = server.strip().rstrip("/") or default
    if "://" not in written:
        written = f"https://{written}"
    try:
        target = Target.of(written)
    except Refused as error:
        raise NetworkRefused("address", str(error)) from None
    return f"{target.scheme}://{urlsplit(written).netloc.lower()}"


def folder_of(server: str) -> str:
    """Return the address with its path, for what need not lie at a server's root."""
    root = address_of(server)
    written = server.strip() if "://" in server else f"https://{server.strip()}"
    return root + urlsplit(written).path.rstrip("/")
