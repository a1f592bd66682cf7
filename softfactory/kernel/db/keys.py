"""Keys that are known before their rows are written: a sequence's next ones, many at once.

A sequence gives each number once, whoever asks and whatever is taken back. So those that a process
has not used are lost with it, and nobody misses them.
"""

import os
from collections import defaultdict, deque

from django.db import DEFAULT_DB_ALIAS, connections, models

from softfactory.kernel.db.asking import ask

AT_ONCE = 32
NEXT = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"

# Of each database's tables; of all threads of this process, and of no other's.
_known: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
os.register_at_fork(after_in_child=_known.clear)


def next_key(model: type[models.Model]) -> int:
    """Return a key for a new row on PostgreSQL, which nobody else has."""
    known = _known[_name(model)]
    try:
        return known.popleft()
    except IndexError:
        key, *others = [key for (key,) in ask(NEXT, [model._meta.db_table, AT_ONCE])]
        known.extend(others)
        return key


def forget_keys(model: type[models.Model]) -> None:
    """Ask for others: somebody has one of these, since their sequence was set back."""
    _known.pop(_name(model), None)


def _name(model: type[models.Model]) -> tuple[str, str]:
    return str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]), model._meta.db_table
