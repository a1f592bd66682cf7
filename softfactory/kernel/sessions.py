"""Browser sessions in the database, asked only for keys that it may have."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's, to which a cookie that was not made here is no key.

    A cookie can hold a NUL, and PostgreSQL takes none.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        is_long_enough = super()._validate_session_key(key)  # type: ignore[misc]
        return is_long_enough and str(key).isalnum()
