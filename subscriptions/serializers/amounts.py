"""Amounts that may be owed either way."""

from drf_spectacular.utils import extend_schema_field

from softfactory.kernel.api.fields import MONEY, MoneyField
from softfactory.kernel.money import EXPONENTS, LARGEST_AMOUNT

BALANCE = MONEY | {
    "description": "Minor units; below zero, what the customer is credited with.",
    "properties": {
        "amount": {"type": "integer", "minimum": -LARGEST_AMOUNT, "maximum": LARGEST_AMOUNT},
        "currency": {"type": "string", "enum": list(EXPONENTS)},
    },
}


@extend_schema_field(BALANCE)
class BalanceField(MoneyField):
    """Money that is charged, or credited if it is below zero."""
