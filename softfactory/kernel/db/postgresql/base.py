"""PostgreSQL as this site uses it: Django's backend, with generations and a pool that asks less."""

import math
import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool

from softfactory.kernel.db.generations import GenerationsMixin

# For so long a connection that was in order is taken to be so without asking the server.
SETTLED_SECONDS = 5

# When each connection came back into its pool, by an attribute of its own.
RETURNED_AT = "_softfactory_returned_at"


def check(connection: Connection) -> None:
    """Raise an error unless this connection of a pool can be used.

    A server that ends a connection, or restarts, says so on it at once: so one that was used a
    moment ago and has nothing to tell is in order. Any other costs a round trip to ask.
    """
    returned_at = getattr(connection, RETURNED_AT, -math.inf)
    is_settled = time.monotonic() - returned_at < SETTLED_SECONDS
    if not is_settled or _has_something_to_tell(connection):
        ConnectionPool.check_connection(connection)


def _has_something_to_tell(connection: Connection) -> bool:
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))


class DatabaseWrapper(GenerationsMixin, base.DatabaseWrapper):
    """Django's PostgreSQL backend that moves generations before COMMIT."""

    takes_number = "pg_try_advisory_xact_lock(%s)"

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(settings_dict, *args, **kwargs)
        if pool := settings_dict["OPTIONS"].get("pool"):
            pool.setdefault("check", check)

    def _close(self) -> None:
        if self.connection is not None:
            setattr(self.connection, RETURNED_AT, time.monotonic())
        super()._close()  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        # Django says it anew for each connection that it is given, psycopg looks each time.
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
