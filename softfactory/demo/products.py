"""What the demo's platform sells: products, each by the month and by the year."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """A feature: how much of it is free, and how much one has by the month and by the year."""

    key: str
    name: str
    kind: str
    free: int
    by_month: int | None
    by_year: int | None


@dataclass(frozen=True)
class Offer:
    """A product, what it allows, and its prices in won; a year costs ten months."""

    slug: str
    name: str
    icon: str
    monthly: int
    trial_days: int
    description: str
    allows: tuple[Allowance, ...] = ()

    def price_by(self, interval: str) -> int:
        """Return what a "month" or a "year" costs."""
        return self.monthly * (10 if interval == "year" else 1)


OFFERS = (
    Offer(
        "coocook",
        "CooCook",
        "pot",
        19_000,
        30,
        "Your own page in the book of chefs. Guests see when you are really free, pick a time and"
        " know the price before they ask. You say yes, or let it be yes by itself.",
    ),
    Offer(
        "booking-tools",
        "Booking tools",
        "calendar",
        12_000,
        14,
        "Opening hours by the week and by the day, time to travel and to wash up, notice, waiting"
        " list and a calendar feed for your phone. No two parties at one table, ever.",
    ),
    Offer(
        "social-studio",
        "Social studio",
        "megaphone",
        15_000,
        14,
        "Write once, see how it looks on each network, and let it go out while you cook. Free"
        " evenings, new menus and market finds, planned for the week on one page.",
        (
            Allowance("sns.accounts", "Social accounts", "limit", 1, 3, 10),
            Allowance("sns.posts", "Posts sent out", "metered", 5, 60, 1_000),
            Allowance("sns.seats", "Seats for a team", "limit", 0, 2, 10),
            Allowance("sns.approval", "A second pair of eyes", "boolean", 0, 0, 1),
        ),
    ),
    Offer(
        "ledger",
        "Ledger",
        "receipt",
        9_000,
        14,
        "Every booking, refund and subscription to the last won: invoices that number themselves"
        " and a month that adds up before your accountant asks.",
    ),
    Offer(
        "menu-desk",
        "Menu desk",
        "book",
        7_000,
        30,
        "Menus by season with allergens, portions and what they cost you. Send three to a guest and"
        " hear which one it shall be.",
    ),
    Offer(
        "insights",
        "Insights",
        "chart",
        14_000,
        7,
        "Which evenings fill first, which dish brings people back, what a quiet Tuesday could be"
        " worth: a few plain numbers instead of a wall of charts.",
    ),
)
