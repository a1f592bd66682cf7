"""What opens a door or is somebody's own, and must not be written down: known by name and form."""

import re
from collections.abc import Mapping
from typing import Any

from django.urls import Resolver404, resolve

MASK = "…"

#: Parts of the names of fields, headers and arguments of routes whose values are secrets.
SECRET_NAME = re.compile(
    "authorization|code|cookie|key|password|secret|session|signature|token|uid", re.IGNORECASE
)

FORMS = re.compile(
    r"""(?P<email>[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<scheme>\b(?:Bearer|Basic|Token)\s+)[\w.~+/=-]{6,}
    |(?P<token>\bsf_[\w-]{6,}|\bwhsec_[\w+/=]{6,})
    |(?P<field>[?&][\w.\[\]-]+=)[^\s&"'<>]+""",
    re.VERBOSE | re.IGNORECASE,
)


def masked(value: Any) -> Any:
    """Return parsed JSON with what stands under a secret's name masked, however deep."""
    if isinstance(value, Mapping):
        return {
            key: MASK if SECRET_NAME.search(str(key)) else masked(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value


def masked_path(path: str) -> str:
    """Return the path with its secret parts (the key of a reset, say) replaced by their names."""
    try:
        arguments = resolve(path).kwargs
    except Resolver404:
        return path
    for name, value in arguments.items():
        if SECRET_NAME.search(name):
            path = path.replace(str(value), f"{{{name}}}")
    return path


def scrubbed(text: str) -> str:
    """Return a text without e-mail addresses, tokens, credentials and values of query strings."""
    return FORMS.sub(_kept_of, text)


def _kept_of(found: re.Match) -> str:
    return f"{found['scheme'] or found['field'] or ''}{MASK}"
