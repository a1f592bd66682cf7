"""The short way to PostgreSQL, for statements in words of our own (see `kernel.db.asking`).

psycopg's cursors ask and wait by way of generators, so that they can wait in several manners: half
of what a short statement takes a web process. Here libpq sends, waits and receives at once. What is
prepared stays psycopg's to know, which drops it when its own cursors did what makes it stale.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from psycopg import Connection, adapters, errors
from psycopg._preparing import Prepare
from psycopg._queries import PostgresClientQuery, PostgresQuery
from psycopg.adapt import AdaptersMap, Loader, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

# How psycopg reads times: in the zone of the session. Django, which says what that zone is, puts it
# in its place once more, in Python.
TIMES = cast("type[Loader]", adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT))


class Kinds(NamedTuple):
    """How the values of a connection are written and read."""

    connection: Connection
    adapters: AdaptersMap


class ShortCursor:
    """Runs one statement after another on its connection, and reads all that each returns.

    With `binds_there` the server binds the values and may prepare the statement, else its words
    contain them, as `server_side_binding` has it for Django's cursors.
    """

    def __init__(self, connection: Connection, *, binds_there: bool) -> None:
        kinds = AdaptersMap(connection.adapters)
        kinds.register_loader("timestamptz", TIMES)
        self.connection = connection
        self.rowcount = 0
        self._rows: list[tuple] = []
        self._values: Any = Transformer(Kinds(connection, kinds))
        self._query: Any = (PostgresQuery if binds_there else PostgresClientQuery)(self._values)
        self._run = self._run_bound if binds_there else self._run_words

    def execute(self, query: str, values: Sequence[Any]) -> None:
        """Run it, in a transaction that begins with it unless the connection commits by itself."""
        self._query.convert(query, values)
        result = _good(self._run(self._beginning()))
        if result.status == ExecStatus.COMMAND_OK:
            self.rowcount, self._rows = result.command_tuples or 0, []
            return
        self.rowcount = result.ntuples
        self._values.set_pgresult(result)
        self._rows = self._values.load_rows(0, result.ntuples, tuple)
        self._values.set_pgresult(None)

    def fetchall(self) -> list[tuple]:
        """Return the rows of the last statement, which are not kept."""
        rows, self._rows = self._rows, []
        return rows

    def _beginning(self) -> bytes:
        """Return the words that begin the transaction, none if it has begun or shall not."""
        connection = self.connection
        if connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE:
            return b""
        return connection._get_tx_start_command()

    def _run_words(self, beginning: bytes) -> PGresult:
        words = self._query.query
        if beginning:  # and statement in one trip, of which the last result is returned
            words = beginning + b";" + words
        return self.connection.pgconn.exec_(words)

    def _run_bound(self, beginning: bytes) -> PGresult:
        query, pgconn, known = self._query, self.connection.pgconn, self.connection._prepared
        if beginning:
            _good(pgconn.exec_(beginning))
        way, name = known.get(query)
        if way is Prepare.NO:
            result = pgconn.exec_params(query.query, query.params, query.types, query.formats)
        else:
            if way is Prepare.SHOULD:
                _good(pgconn.prepare(name, query.query, query.types))
            result = pgconn.exec_prepared(name, query.params, query.formats)
        if key := known.maybe_add_to_cache(query, way, name):
            known.validate(key, way, name, [result])
            self.connection.wait(known.maintain_gen(self.connection))
        return result


def _good(result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if result.error_field(DiagnosticField.SQLSTATE) is None:  # the server said nothing: it is gone
        raise errors.OperationalError(result.get_error_message())
    raise errors.error_from_result(result)
