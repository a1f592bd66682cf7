"""Tokens that were used lately. One that is revoked, or whose user is shut out, stops at once."""

from django.db import models

from softfactory.accounts.models import ApiToken
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept

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
    token = ApiToken.objects.with_user().with_generations().filter(digest=digest).first()
    if token is None:
        _tokens.forget(digest)
        return None
    names = sorted(generations.followed(f"user:{token.user_id}"))
    numbers = dict(zip(names, (token.number_of_all, token.number_of_user), strict=True))
    if generations.are_committed(names):
        _tokens.keep(digest, token, numbers)
    return token
