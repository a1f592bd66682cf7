"""Tokens that were used lately. One that is revoked, or whose user is shut out, stops at once."""

from copy import copy

from softfactory.accounts.models import ApiToken
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept

_tokens: Kept[str, ApiToken] = Kept(most=2_000)


def token_of(digest: str) -> ApiToken | None:
    """Return the token of this digest with its user, valid or not; the caller's own copies."""
    token = _tokens.get(digest) or _read(digest)
    if token is None:
        return None
    mine = copy(token)
    mine.user = copy(token.user)
    return mine


def _read(digest: str) -> ApiToken | None:
    """Read the token's row, and keep it under its user's generation.

    Which user that is, the first reading finds out. So the second one takes the number first and
    reads the token after it, and the third time it is found.
    """
    known = _tokens.last(digest)
    numbers = known and generations.numbers(f"user:{known.user_id}")
    token = ApiToken.objects.with_user().filter(digest=digest).first()
    if token is None:
        _tokens.forget(digest)
    else:
        _tokens.keep(digest, token, numbers)
    return token
