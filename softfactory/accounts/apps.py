"""The accounts app: users, their sign-in, their API tokens, and their webhooks."""

from django.apps import AppConfig
from django.conf import settings
from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.db import generations
from softfactory.kernel.registry import due, invariants, nudged, sealed


class AccountsConfig(AppConfig):
    name = "softfactory.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from softfactory.accounts import invariants as counts
        from softfactory.accounts import models, tasks
        from softfactory.accounts.services import delivering, emitting, endpoints, people, tokens

        if not settings.PAGELESS:
            from softfactory.accounts import schema  # noqa: F401  (registers itself)
        generations.watch("user", models.User, models.ApiToken)
        generations.watch("webhooks", models.WebhookEndpoint)
        due.register("accounts.tokens", tokens.prune_tokens)
        due.register("accounts.sessions", people.prune_sessions)
        due.register("accounts.webhooks", delivering.deliver_due)
        due.register("accounts.events", emitting.prune_events)
        nudged.register("accounts.webhooks", tasks.deliver_event)
        nudged.register("accounts.endpoint_off", tasks.tell_of_endpoint_off)
        sealed.register("accounts.second_factors", people.reseal_second_factors)
        sealed.register("accounts.endpoints", endpoints.reseal_secrets)
        invariants.register("accounts.unproven_deliveries", counts.count_unproven_deliveries)
        invariants.register("accounts.strange_deliveries", counts.count_strange_deliveries)
        invariants.register("accounts.uncounted_attempts", counts.count_uncounted_attempts)
        _count_attempts_together()


def _count_attempts_together() -> None:
    """Let allauth count failed sign-ins and used codes where all workers see them.

    It counts in the default cache and has no setting for another. Without Redis the default one
    is each worker's own, and several of them would allow several times as many attempts.
    """
    from allauth.core.internal import ratelimit
    from allauth.mfa.totp.internal import auth as totp

    ratelimit.cache = totp.cache = ConnectionProxy(caches, "limits")
