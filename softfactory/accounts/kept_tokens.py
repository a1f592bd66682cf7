"""Tokens that were used lately. One that is revoked, or whose user is shut out, stops at once."""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models

from softfactory.accounts.models import ApiToken, User
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept
from softfactory.kernel.db.statements import Parameter, Statement

OF_USER = "user__"

_tokens: Kept[str, ApiToken] = Kept(most=2_000)


def token_of(digest: str) -> ApiToken | None:
    """Return the token of this digest with its user, valid or not; the caller's own copies."""
    token = _tokens.get(digest) or _read(digest)
    if token is None:
        return None
    mine = _copy(token)
    mine.user = _copy(token.user)
    return mine


def _copy[Row: models.Model](row: Row) -> Row:
    """Return what `copy` does, which for rows takes the way of pickling."""
    mine = type(row).__new__(type(row))
    vars(mine).update(row.__getstate__())
    return mine


def _read(digest: str) -> ApiToken | None:
    """Read the token's row, and keep it under its user's generations.

    Which user that is, the row tells. So one statement reads both, and sees both at one moment.
    """
    asked = time.monotonic()
    found = _statement().rows(digest)
    if not found:
        _tokens.forget(digest)
        return None
    [row] = found
    token: ApiToken = _row_of(ApiToken, row)
    token.user = _row_of(User, row, OF_USER)
    names = sorted(generations.followed(f"user:{token.user_id}"))
    numbers = dict(zip(names, (row["number_of_all"], row["number_of_user"]), strict=True))
    if generations.are_committed(names):
        generations.learn(numbers, asked)
        _tokens.keep(digest, token, numbers)
    return token


@cache
def _statement() -> Statement:
    """The named query, whose words take Django ten times as long as the database takes for it."""
    digest = Parameter(0, ApiToken._meta.get_field("digest"))
    columns = [*_columns(ApiToken), *(OF_USER + column for column in _columns(User))]
    tokens = ApiToken.objects.using(DEFAULT_DB_ALIAS).with_generations().filter(digest=digest)
    return Statement(tokens.values(*columns, "number_of_all", "number_of_user"))


@cache
def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _row_of(model: Any, row: Mapping[str, Any], prefix: str = "") -> Any:
    columns = _columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, columns, [row[prefix + column] for column in columns])
