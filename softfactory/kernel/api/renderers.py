"""JSON out, by orjson: what REST framework would write, in less time (1e-7 is its 1e-07)."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

# JSON allows these two in a text, JavaScript's strings did not: REST framework escapes them.
LINE_SEPARATOR, PARAGRAPH_SEPARATOR = "\u2028".encode(), "\u2029".encode()

_say_otherwise = JSONEncoder().default


class FastJSONRenderer(JSONRenderer):
    """Writes what orjson can't say (a lone surrogate, a number of more than 64 bits) as before."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        try:
            text = orjson.dumps(data, default=_say_otherwise, option=orjson.OPT_UTC_Z)
        except TypeError:
            return super().render(data, accepted_media_type, renderer_context)
        escaped = text.replace(LINE_SEPARATOR, b"\\u2028")
        return escaped.replace(PARAGRAPH_SEPARATOR, b"\\u2029")
