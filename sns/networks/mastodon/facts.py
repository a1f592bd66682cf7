"""What a Mastodon server says of its limits: each has its own."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sns.networks.answers import answered, document_of, said, words
from sns.networks.calls import Server
from sns.networks.protocol import NetworkRefused, PictureRules, Rules

# What the software itself has, where a server says nothing.
USUAL: Final[Mapping[str, int]] = {
    "max_characters": 500,
    "max_media_attachments": 4,
    "characters_reserved_per_url": 23,
    "image_size_limit": 16_777_216,
    "image_matrix_limit": 33_177_600,
    "description_limit": 1_500,
}
LARGEST: Final = 1_000_000_000
LONGEST_EDGE = 4096
CLOSED: Final = (401, 403)  # it tells only its own
OURS: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")


def fetch_facts(server: Server, *, closed_to: Collection[int] = CLOSED) -> dict[str, Any]:
    """Ask a server for its limits. Raises NetworkRefused if it is none of these.

    Answered with one of the statuses `closed_to` it has the usual ones: strangers are told nothing.
    """
    reply = server.read("/api/v2/instance", taking=(*closed_to, 404))
    if reply.status == 404:  # older ones, and other software
        reply = server.read("/api/v1/instance", taking=(*closed_to, 404))
    told = document_of(reply)
    if reply.status not in CLOSED and not (told.keys() & {"version", "configuration"}):
        raise NetworkRefused("wrong_server", said(reply), answered=answered(reply))
    limits = _configuration(told)
    facts: dict[str, Any] = {
        name: limits[name] if _is_limit(limits.get(name)) else usual
        for name, usual in USUAL.items()
    }
    types = limits.get("supported_mime_types")
    taken = [kind for kind in OURS if not isinstance(types, list) or kind in types]
    return facts | {"types": taken, "version": words(told.get("version"), most=50)}


def rules_of(facts: Mapping[str, Any]) -> Rules:
    """Return the rules of a server of these facts."""
    known = {name: facts.get(name, usual) for name, usual in USUAL.items()}
    return Rules(
        unit="graphemes",
        most=known["max_characters"],
        url_length=known["characters_reserved_per_url"],
        counts_mention_domain=False,
        pictures=PictureRules(
            most=known["max_media_attachments"],
            most_bytes=known["image_size_limit"],
            most_pixels=known["image_matrix_limit"],
            longest_edge=LONGEST_EDGE,
            types=tuple(facts.get("types", OURS)),
            longest_alt=known["description_limit"],
        ),
        has_threads=True,
    )


def _configuration(told: Mapping[str, Any]) -> dict[str, Any]:
    configuration = told.get("configuration")
    limits: dict[str, Any] = {}
    for name in ("statuses", "media_attachments"):
        group = configuration.get(name) if isinstance(configuration, Mapping) else None
        limits |= group if isinstance(group, dict) else {}
    return limits


def _is_limit(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST
