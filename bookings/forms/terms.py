"""What a chef's owner fills in about being paid."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Policy
from bookings.models.policy import ALL, MOST_DAYS
from softfactory.kernel.forms import Chips


class TermsForm(forms.Form):
    """How a chef is paid here, and what cancelling costs, as rows of days and per cents."""

    ROWS = 3

    upfront_percent = forms.IntegerField(
        label=_("Held when booking, in per cent of the price"),
        help_text=_("It is taken once you confirm. 0: guests pay you, and not here."),
        min_value=0,
        max_value=ALL,
    )
    balance = forms.ChoiceField(
        label=_("The rest is charged"), choices=Policy.Balance.choices, widget=Chips()
    )
    balance_days = forms.IntegerField(
        label=_("Days before the visit"), required=False, min_value=0, max_value=MOST_DAYS
    )

    def __init__(self, policy: Policy | None, data: Mapping[str, Any] | None) -> None:
        steps = policy.steps if policy else []
        initial: dict[str, Any] = {"upfront_percent": 0, "balance": Policy.Balance.AFTER}
        if policy:
            initial = {name: getattr(policy, name) for name in self.base_fields}
        for row, tier in enumerate(steps):
            initial |= {f"days_{row}": tier.days, f"kept_{row}": tier.kept_percent}
        super().__init__(data, initial=initial)
        self.rows = range(max(self.ROWS, len(steps)))
        for row in self.rows:
            self.fields[f"days_{row}"] = forms.IntegerField(
                label=_("Days before, or more"), required=False, min_value=0, max_value=MOST_DAYS
            )
            self.fields[f"kept_{row}"] = forms.IntegerField(
                label=_("Kept, in per cent"), required=False, min_value=0, max_value=ALL
            )

    @property
    def tiers(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each row."""
        return [(self[f"days_{row}"], self[f"kept_{row}"]) for row in self.rows]

    @property
    def terms(self) -> dict[str, Any]:
        """What was filled in, as the columns of a policy."""
        names = ("upfront_percent", "balance", "balance_days")
        return {name: self.cleaned_data[name] for name in names} | {"tiers": self._steps()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_after = cleaned.get("balance") == Policy.Balance.AFTER
        cleaned["balance_days"] = 0 if is_after else cleaned.get("balance_days") or 0
        for row in self.rows:
            if (cleaned.get(f"days_{row}") is None) != (cleaned.get(f"kept_{row}") is None):
                self.add_error(f"days_{row}", _("Fill in both, or neither."))
        steps = self._steps()
        if any(a[0] == b[0] or a[1] > b[1] for a, b in pairwise(steps)):
            message = _("Each number of days once; cancelling later costs as much or more.")
            self.add_error(f"days_{self.rows[0]}", message)
        if steps and not cleaned.get("upfront_percent"):
            message = _("Hold a part of the price, or leave what cancelling costs empty.")
            self.add_error("upfront_percent", message)
        return cleaned

    def _steps(self) -> list[list[int]]:
        """The rows that are filled in, the earliest cancellation first."""
        get = self.cleaned_data.get
        rows = [[get(f"days_{row}"), get(f"kept_{row}")] for row in self.rows]
        return sorted((row for row in rows if None not in row), key=lambda row: -row[0])
