"""Forms of staff about what customers owe."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.money import EXPONENTS, Money


class CreditForm(forms.Form):
    """How much of an invoice is credited, why, and whether the card gets it back."""

    amount = forms.DecimalField(label=_("Amount, tax included"))
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("The customer reads it on the credit note.")
    )
    gives_back = forms.BooleanField(label=_("Give it back to the card"), required=False)
    is_sure = forms.BooleanField(
        label=_("I have checked the amount: a credit note is never taken back.")
    )
    credited = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, credited: Money, left: Money, refundable: Money, **kwargs: Any
    ) -> None:
        """Offer what is `left` of an invoice, and the card only where some is `refundable`."""
        initial = {"amount": left.major, "credited": credited.amount}
        super().__init__(*args, initial=initial, **kwargs)
        places = EXPONENTS[left.currency]
        amount = forms.DecimalField(
            label=self.fields["amount"].label,
            decimal_places=places,
            max_digits=15,
            help_text=_("At most %(left)s.") % {"left": left},
        )
        self.fields["amount"] = amount
        if refundable:
            words = _("At most %(left)s. Otherwise it stays on the account, for later invoices.")
            self.fields["gives_back"].help_text = words % {"left": refundable}
        else:
            del self.fields["gives_back"]

    def wish(self, currency: str) -> dict[str, Any]:
        """Return what is wished, as `credit_invoice` takes it."""
        wish = self.cleaned_data
        return {
            "amount": Money(int(wish["amount"].scaleb(EXPONENTS[currency])), currency),
            "reason": wish["reason"],
            "credited": Money(wish["credited"], currency),
            "gives_back": wish.get("gives_back", False),
        }
