"""PostgreSQL as this site uses it: Django's backend, with generations, connections that stay with
their thread for a while, and a pool behind them that asks less.
"""

import math
import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from softfactory.kernel.db.generations import GenerationsMixin
from softfactory.kernel.db.postgresql.short import ShortCursor

# For so long a connection that was in order is taken to be so without asking the server.
SETTLED_SECONDS = 5

# When each connection was last used, by an attribute of its own.
USED_AT = "_softfactory_used_at"


def check(connection: Connection) -> None:
    """Raise an error unless this connection can be used.

    A server that ends a connection, or restarts, says so on it at once: so one that was used a
    moment ago and has nothing to tell is in order. Any other costs a round trip to ask.
    """
    used_at = getattr(connection, USED_AT, -math.inf)
    is_settled = time.monotonic() - used_at < SETTLED_SECONDS
    if not is_settled or _has_something_to_tell(connection):
        ConnectionPool.check_connection(connection)


def _has_something_to_tell(connection: Connection) -> bool:
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))


class DatabaseWrapper(GenerationsMixin, base.DatabaseWrapper):
    """Django's PostgreSQL backend that moves generations before COMMIT.

    A thread keeps its connection of a pool from request to request, until the first of them that
    begins or ends `OPTIONS["kept_seconds"]` after it took it; what is too old then, the pool
    replaces. The pool's last free one is kept by nobody: so those who keep theirs, and a thread
    that ended with its own, leave one for all others.
    """

    takes_number = "pg_try_advisory_xact_lock(%s)"
    lets_wait = True
    health_check_done: bool  # whether it was asked for in the work that goes on
    _asking: ShortCursor | None = None

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(settings_dict, *args, **kwargs)
        self.kept_seconds = settings_dict["OPTIONS"].get("kept_seconds", 0)
        if pool := settings_dict["OPTIONS"].get("pool"):
            pool.setdefault("check", check)

    def asking_cursor(self) -> ShortCursor:
        """Return this connection's own, made once: it finds out how values are written."""
        if self._asking is None or self._asking.connection is not self.connection:
            binds_there = self.settings_dict["OPTIONS"].get("server_side_binding") is True
            self._asking = ShortCursor(self.connection, binds_there=binds_there)
        return self._asking

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.pop("kept_seconds", None)
        return params

    def connect(self) -> None:
        super().connect()
        if self.kept_seconds:
            self.close_at = time.monotonic() + self.kept_seconds

    def close_if_unusable_or_obsolete(self) -> None:
        was_used = self.health_check_done
        self._note_use()
        super().close_if_unusable_or_obsolete()
        if self.kept_seconds and was_used and self.connection and not self._may_be_kept():
            self.close()

    def _may_be_kept(self) -> bool:
        # What a statement of one's own began, the pool rolls back.
        is_idle = self.connection.pgconn.transaction_status == TransactionStatus.IDLE
        return is_idle and self.pool.get_stats()["pool_available"] > 0

    def is_usable(self) -> bool:
        """Tell whether the connection works, after an error; what it has prepared is let go.

        A plan from before a migration that changed the type of a column fails each time.
        """
        if self.connection is None:
            return False
        try:
            self.connection.execute("DEALLOCATE ALL", prepare=False)
        except Error:
            return False
        return True

    def close_if_health_check_failed(self) -> None:
        # Django leaves this to the pool, which sees no connection that a thread kept.
        if self.health_check_done or self.connection is None:
            return
        try:
            check(self.connection)
        except Error:
            self.close()
        self.health_check_done = True

    def _close(self) -> None:
        self._note_use()
        super()._close()  # type: ignore[misc]

    def _note_use(self) -> None:
        # Django takes a connection to be healthy from its first use in a request to the last.
        if self.connection is not None and self.health_check_done:
            setattr(self.connection, USED_AT, time.monotonic())

    def _set_autocommit(self, autocommit: bool) -> None:
        # Django says it anew for each connection that it is given. psycopg's own way there is as
        # long as that of a statement; it says what is wrong.
        if self.connection.autocommit == autocommit:
            return
        if self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self.connection._autocommit = autocommit
        else:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
