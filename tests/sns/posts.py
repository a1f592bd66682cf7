"""Posts and accounts of accounts elsewhere, as tests of networks need them."""

import base64
from datetime import UTC, datetime
from typing import Any

from sns.networks.protocol import Access, Content, Part, Picture

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)  # in the past: servers' clocks go as they go
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def make_picture(**overrides: Any) -> Picture:
    """One dot, described."""
    described = {"content": PNG, "content_type": "image/png", "alt": "A dot", "width": 1}
    return Picture(**{"height": 1} | described | overrides)


def make_content(*texts: str, pictures: tuple[Picture, ...] = (), **overrides: Any) -> Content:
    """One part a text; the pictures are the first one's."""
    first, *others = texts or ("Kimchi on Friday",)
    parts = (Part(first, pictures), *(Part(text) for text in others))
    return Content(**{"parts": parts, "created_at": AT} | overrides)


def make_access(server: str, **overrides: Any) -> Access:
    """An account that nobody has connected."""
    return Access(
        **{"server": server, "handle": "ben", "remote_id": "1", "secrets": {}} | overrides
    )
