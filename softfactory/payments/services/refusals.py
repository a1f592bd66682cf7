"""Why a payment did not go through, in words for the one who pays."""

from django.utils.translation import gettext as _

from softfactory.kernel.problems import DomainError


class GatewayAway(DomainError):
    """The gateway does not answer, and nothing was asked of it that may have happened."""

    status = 503
    retry_after = 30

    def __init__(self) -> None:
        message = _("The payment service does not answer. Nothing was charged; try again soon.")
        super().__init__("gateway_away", message)


def explain(failure: str) -> str:
    """Return a sentence on what the customer can do about a failure of this code."""
    match failure:
        case "insufficient_funds":
            return _("The card has too little money for this. Use another card.")
        case "card_expired":
            return _("The card has expired. Use another card.")
        case "authentication_failed":
            return _("The payment was not confirmed with the bank. Try again, or use another card.")
        case "card_unknown":
            return _("The payment service does not know this card. Enter it again.")
        case _:
            return _("The bank declined the card. Use another card, or ask the bank why.")
