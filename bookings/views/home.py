"""The start page: what this is, a search, and what is on the table."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.forms import SearchForm
from bookings.models.words import CUISINES
from softfactory.kernel.http import cached_reads
from softfactory.kernel.http.pages import render_once
from softfactory.kernel.money import Money
from subscriptions.models import Product


class Shelved(NamedTuple):
    """What is shown of a product: the price and interval are those of its smallest plan."""

    name: str
    description: str
    price: Money | None
    interval: str


@require_safe
@cached_reads("products")
def home(request: HttpRequest) -> HttpResponse:
    """The start page; who is free this week is a fragment of its own."""
    products = Product.objects.visible_to(None).with_plans().in_order()
    shelf = tuple(_shelved(product) for product in products)
    context = {"form": SearchForm, "cuisines": _cuisines, "products": shelf}
    return render_once(request, "home.html", context, shows=shelf)


def _cuisines() -> list[dict[str, Any]]:
    explore = reverse("bookings:explore")
    return [
        {
            "title": label,
            "picture": picture,
            "href": f"{explore}?{urlencode({'cuisine': stored})}",
        }
        for stored, (label, picture) in CUISINES.items()
    ]


def _shelved(product: Product) -> Shelved:
    plans = sorted(product.plan_rows or (), key=lambda plan: (plan["rank"], plan["id"]))
    least = plans[0] if plans else None
    return Shelved(
        name=product.name,
        description=product.description,
        price=Money(least["price_amount"], least["currency"]) if least else None,
        interval=least["interval"] if least else "",
    )
