"""Forms of subscribing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.problems import DomainError

#: What is wrong with the coupon itself, and is said at its field.
ABOUT_COUPONS = ("coupon_unknown", "coupon_currency", "coupon_used")


class CouponForm(forms.Form):
    """A coupon, and the one whose price was shown already: only what was seen is agreed to."""

    coupon = forms.CharField(
        label=_("Coupon"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    shown = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput())

    @property
    def code(self) -> str:
        """The coupon as it is kept; empty without one."""
        return str(self.cleaned_data.get("coupon", "")).upper() if self.is_valid() else ""

    @property
    def is_agreed(self) -> bool:
        """Whether the price with this coupon was seen, and no other look is asked for."""
        return "look" not in self.data and self.code == self.cleaned_data.get("shown", "").upper()

    def refuse(self, refusal: DomainError) -> bool:
        """Say at the field why the coupon can't be used; tell whether it is about the coupon."""
        if refusal.code not in ABOUT_COUPONS:
            return False
        self.add_error("coupon", refusal.message)
        return True
