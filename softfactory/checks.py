"""What a production start must have, and what it must not: checked before the first request."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from softfactory.kernel.checks import START


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"softfactory.E{number:03}")


@register(Tags.security, START)
def production_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a production start on the defaults that only development and demo may use."""
    if not settings.PRODUCTION:
        return []
    errors = []
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY:
        errors.append(
            _error(1, "SECRET_KEY is not set.", "Set SECRET_KEY to 50 or more random characters.")
        )
    if not settings.ALLOWED_HOSTS:
        errors.append(
            _error(2, "ALLOWED_HOSTS is not set.", "Set it to the site's host names, by commas.")
        )
    if "*" in settings.ALLOWED_HOSTS:
        errors.append(
            _error(
                4,
                "ALLOWED_HOSTS allows every host, and so links of others' making in our e-mails.",
                "Set it to the site's host names, by commas.",
            )
        )
    if settings.INSECURE_FIELD_KEY in settings.FIELD_KEYS:
        errors.append(
            _error(
                5,
                "FIELD_KEYS is not set.",
                "Set it to a key for secrets in the database: `openssl rand -base64 32` makes one.",
            )
        )
    return errors


@register(Tags.security, START)
def production_has_no_demo_content(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a production start on a database that knows the demo's published token.

    Not tagged as a check of databases, which a start would leave out.
    """
    from softfactory.accounts.services.tokens import demo_token_exists

    if not settings.PRODUCTION or not demo_token_exists():
        return []
    return [
        _error(
            3,
            "This database holds demo content, whose passwords and tokens everybody knows.",
            "Point DATABASE_URL at a database of its own, or set SOFTFACTORY_DEMO=1.",
        )
    ]


@register(Tags.security, START)
def silk_has_its_tables(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to record requests where there is no table for them; `migrate` is what makes them."""
    if not settings.SILK or settings.COMMAND == "migrate":
        return []
    try:
        is_there = "silk_request" in connection.introspection.table_names()
    except DatabaseError:  # a database that is away is for readiness to tell
        return []
    if is_there:
        return []
    hint = "Run SILK=1 .venv/bin/python manage.py migrate, or unset SILK."
    return [_error(4, "SILK=1, but the tables that it records in are not there.", hint)]
