"""Secrets that must be read again are sealed in the database: FIELD_KEYS alone open them.

A copy of the database, or of a backup, gives none of them away.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def seal(text: str) -> str:
    """Encrypt with the newest key, so that a change of a single bit is noticed.

    Source: the Fernet specification (AES-128-CBC, HMAC-SHA256).
    """
    return _keys(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed, with whichever of the keys.

    Raises ImproperlyConfigured where none of them fits, or the text was changed.
    """
    try:
        return _keys(tuple(settings.FIELD_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "None of FIELD_KEYS opens a secret in the database. Put back the one that sealed it."
        ) from error


def reseal(sealed: str) -> str:
    """Seal with the newest key what was sealed with any. Raises as `unseal` does."""
    return seal(unseal(sealed))


@lru_cache
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
