"""Money: whole minor units of an ISO 4217 currency, never a fraction, never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from babel.numbers import format_currency
from django.utils.translation import get_language

DEFAULT_CURRENCY = "KRW"

LARGEST_AMOUNT = 10**12  # minor units; sums of a few thousand of them still fit a BIGINT

# How many digits the minor unit has: ISO 4217, of the currencies that can be used here. Our own
# table, since a library's data may change under stored amounts.
EXPONENTS = {
    "AUD": 2,
    "CAD": 2,
    "CHF": 2,
    "CNY": 2,
    "EUR": 2,
    "GBP": 2,
    "HKD": 2,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "NZD": 2,
    "SGD": 2,
    "THB": 2,
    "TWD": 2,
    "USD": 2,
    "VND": 0,
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units: `Money(150000, "KRW")` is ₩150,000, `Money(1250, "EUR")` €12.50.

    Two currencies never meet: adding or comparing them raises ValueError.
    """

    amount: int
    currency: str = DEFAULT_CURRENCY

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError("An amount of money is a whole number of minor units.")
        if self.currency not in EXPONENTS:
            raise ValueError(f"{self.currency!r} is no currency that is used here.")

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix.")
        return other.amount

    def __add__(self, other: Self) -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return self.format()

    @property
    def major(self) -> Decimal:
        """The amount in major units: `Decimal("12.50")`."""
        return Decimal(self.amount).scaleb(-EXPONENTS[self.currency])

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Divide by weights, none lost: parts are rounded down, and the largest remainders get
        what is left, the first of equals first.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("Weights are not negative, and one at least is above zero.")
        sign = -1 if self.amount < 0 else 1
        shares = [divmod(abs(self.amount) * weight, total) for weight in weights]
        left = abs(self.amount) - sum(whole for whole, _ in shares)
        by_remainder = sorted(range(len(shares)), key=lambda i: -shares[i][1])
        extra = set(by_remainder[:left])
        return [
            Money(sign * (whole + (i in extra)), self.currency)
            for i, (whole, _) in enumerate(shares)
        ]

    def format(self, language: str | None = None) -> str:
        """Return the amount as one writes it in `language`, by default the active one."""
        locale = (language or get_language() or "en").replace("-", "_")
        return format_currency(self.major, self.currency, locale=locale)

    def as_json(self) -> dict[str, int | str]:
        """Return `{"amount": 150000, "currency": "KRW"}`."""
        return {"amount": self.amount, "currency": self.currency}
