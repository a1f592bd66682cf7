"""The ways to other people's money, each behind the same protocol."""

from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from softfactory.kernel.problems import DomainError
from softfactory.payments.gateways.protocol import Gateway


class NoGateway(DomainError):
    """This site takes no payments."""

    status = 503
    retry_after = 3600


def name_of_gateway() -> str:
    """Return the gateway that new cards and payments go to. Raises NoGateway if there is none."""
    if settings.STRIPE_SECRET_KEY:
        return "stripe"
    if settings.SANDBOX_PAYMENTS:
        return "sandbox"
    raise NoGateway("payments_not_set_up", _("This site does not take payments yet."))


@cache
def gateway_of(name: str) -> Gateway:
    """Return the gateway of this name, made once; its library is loaded when it is first used."""
    if name == "stripe":
        from softfactory.payments.gateways.stripe import StripeGateway

        return StripeGateway()
    from softfactory.payments.gateways.sandbox import SandboxGateway

    return SandboxGateway()
