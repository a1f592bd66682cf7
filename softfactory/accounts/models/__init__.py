"""Who signs in, by password or by token, and which servers of theirs are told of what happens."""

from softfactory.accounts.models.tokens import SCOPES, TOKEN_PREFIX, ApiToken
from softfactory.accounts.models.users import User, UserManager
from softfactory.accounts.models.webhooks import (
    BOTH_HOLD,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

__all__ = [
    "BOTH_HOLD",
    "SCOPES",
    "TOKEN_PREFIX",
    "ApiToken",
    "User",
    "UserManager",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
