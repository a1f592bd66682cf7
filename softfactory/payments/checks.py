"""What a start that takes payments must have."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from softfactory.kernel.checks import START


@register(Tags.security, START)
def stripe_is_whole(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a start with one of Stripe's keys and without the others."""
    needed = {
        "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
        "STRIPE_PUBLISHABLE_KEY": settings.STRIPE_PUBLISHABLE_KEY,
        "STRIPE_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRETS,
    }
    missing = [name for name, value in needed.items() if not value]
    if not missing or len(missing) == len(needed):
        return []
    return [
        Error(
            f"{' and '.join(missing)} is not set, but other keys of Stripe's are.",
            hint="Set all of them, from Stripe's dashboard, or none.",
            id="softfactory.E010",
        )
    ]
