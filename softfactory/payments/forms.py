"""Forms about paying."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.forms import Chips
from softfactory.payments.gateways.sandbox import CARDS, REFUSED


class SandboxCardForm(forms.Form):
    """One of the sandbox's cards, by what it does: no number is typed anywhere."""

    token = forms.ChoiceField(label=_("A test card that"), widget=Chips(), initial="card_ok")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [(token, card.words) for token, card in CARDS.items()]
        self.fields["token"].choices = [*kept, (next(iter(REFUSED)), _("Is not taken at all"))]


class StripeCardForm(forms.Form):
    """What Stripe.js got for a card: the name of the intent that it confirmed."""

    token = forms.RegexField(r"^seti_\w{1,90}$")


class PrepareForm(forms.Form):
    """Which page asks for a card: each of its tries is the same attempt."""

    attempt = forms.RegexField(r"^[0-9a-f]{16}$")
