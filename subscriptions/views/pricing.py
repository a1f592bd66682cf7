"""What is sold, with the prices of each plan side by side."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from softfactory.kernel.http import cached_reads
from softfactory.kernel.http.pages import render_once
from softfactory.kernel.money import Money
from subscriptions.models import Product


class Priced(NamedTuple):
    """A plan as the page shows it."""

    pk: int
    name: str
    interval: str
    price: Money
    trial_days: int


class Shelved(NamedTuple):
    """A product with its plans, the smallest first."""

    slug: str
    name: str
    description: str
    plans: tuple[Priced, ...]


@require_safe
@cached_reads("products")
def show_pricing(request: HttpRequest) -> HttpResponse:
    """Everything that is sold, by plan and interval."""
    products = Product.objects.visible_to(None).with_plans().in_order()
    shelf = tuple(_shelved(product) for product in products)
    return render_once(request, "subscriptions/pricing.html", {"products": shelf}, shows=shelf)


def _shelved(product: Product) -> Shelved:
    rows = sorted(product.plan_rows or (), key=lambda row: (row["rank"], row["id"]))
    plans = tuple(
        Priced(
            row["id"],
            row["name"],
            row["interval"],
            Money(row["price_amount"], row["currency"]),
            row["trial_days"],
        )
        for row in rows
    )
    return Shelved(product.slug, product.name, product.description, plans)
