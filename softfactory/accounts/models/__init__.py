"""Who signs in, by password or by token, and which servers of theirs are told of what happens."""

from softfactory.accounts.models.tokens import SCOPES, TOKEN_PREFIX, ApiToken
from softfactory.accounts.models.users import User, UserManager

__all__ = ["SCOPES", "TOKEN_PREFIX", "ApiToken", "User", "UserManager"]
