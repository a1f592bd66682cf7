"""Answers that are kept for 24 hours, so that a request sent again is not done again.

An answer is kept in the transaction of its request's effect: a kill at any line leaves both or
neither. Of two requests with one key, the second finds the first one's answer. While the first
runs, PostgreSQL can say so; SQLite, where whoever writes is alone, lets the second one wait.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, cast

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.generations import GenerationsMixin
from softfactory.kernel.db.retry import LostRace
from softfactory.kernel.db.waiting import BoundStatement, Write, write_by_the_end
from softfactory.kernel.models import IdempotencyKey
from softfactory.kernel.problems import Conflict, DomainError

KEPT = timedelta(hours=24)

# Both are asked with every keyed request: Django would take longer to find the words for them than
# the database takes to do it.
TABLE = IdempotencyKey._meta.db_table
FIND = f"""
SELECT {{is_ours}}, kept.fingerprint, kept.status, kept.headers, kept.body
FROM (SELECT 1) AS one LEFT JOIN {TABLE} AS kept
ON kept.caller_id = %s AND kept.operation = %s AND kept.key = %s AND kept.created_at > %s
"""  # nosec B608
KEEP = f"""
INSERT INTO {TABLE}
(caller_id, operation, key, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (caller_id, operation, key) DO UPDATE SET
fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
body = excluded.body, created_at = excluded.created_at
WHERE {TABLE}.created_at <= %s
"""  # nosec B608


class Asked(NamedTuple):
    """A request that may come again: who asks for what by which key, with what, and when."""

    caller_id: int
    operation: str
    key: str
    fingerprint: str
    now: datetime

    @property
    def name(self) -> tuple[int, str, str]:
        """What tells it from others."""
        return self[:3]


class Answer(NamedTuple):
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class KeyInUse(Conflict):
    """Another request with this key runs."""

    retry_after = 1

    def __init__(self) -> None:
        message = _("The first request with this Idempotency-Key is not answered yet. Try again.")
        super().__init__("idempotency_key_in_use", message)


class AnsweredMeanwhile(LostRace, KeyInUse):
    """Another request with this key was answered while this one ran."""


class KeyReused(DomainError):
    """The key came with another body before."""

    def __init__(self) -> None:
        message = _("This Idempotency-Key came with another body before. Choose a new one.")
        super().__init__("idempotency_key_reused", message)


def find(asked: Asked) -> Answer | None:
    """Return the answer that is kept; None if this transaction is to make it.

    Raises KeyReused if the key came with another fingerprint, and KeyInUse while another
    transaction makes the answer.
    """
    is_ours, fingerprint, *answer = _row(asked)
    if fingerprint is None:
        if is_ours:
            return None
        raise KeyInUse
    if fingerprint != asked.fingerprint:
        raise KeyReused
    status, headers, body = answer
    return Answer(status, orjson.loads(headers), bytes(body))


def _row(asked: Asked) -> tuple:
    digest = hashlib.blake2b("\n".join(map(str, asked.name)).encode(), digest_size=8).digest()
    number = int.from_bytes(digest, signed=True)
    query = FIND.format(is_ours=cast(GenerationsMixin, connection).takes_number)
    [row] = ask(query, [number, *asked.name, asked.now - KEPT])
    return row


def keep(asked: Asked, answer: Answer) -> None:
    """Keep the answer by the end of the transaction: AnsweredMeanwhile if there is one by then."""
    kept = asked.fingerprint, answer.status, orjson.dumps(answer.headers).decode(), answer.body
    statement = BoundStatement(KEEP, [*asked.name, *kept, asked.now, asked.now - KEPT])
    write_by_the_end(Write(statement, written=_refuse_another))


def _refuse_another(written: int) -> None:
    if not written:
        raise AnsweredMeanwhile


def replace(asked: Asked, status: int, answer: Answer) -> None:
    """Keep the answer in the place of one of this status, if that is still there."""
    rows = IdempotencyKey.objects.filter(
        caller=asked.caller_id, operation=asked.operation, key=asked.key, status=status
    )
    rows.update(status=answer.status, headers=dict(answer.headers), body=answer.body)


def prune(now: datetime) -> int:
    """Forget the keys of more than 24 hours ago; return how many those were."""
    count, _per_model = IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()
    return count
