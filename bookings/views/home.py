"""The start page: what this is, a search, and what is on the table."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.forms import SearchForm
from bookings.models.words import CUISINES
from softfactory.kernel.http import cached_reads
from softfactory.kernel.money import Money
from subscriptions.models import Product


@require_safe
@cached_reads("products")
def home(request: HttpRequest) -> HttpResponse:
    """The start page; who is free this week is a fragment of its own."""
    products = Product.objects.visible_to(None).with_plans().in_order()
    context = {
        "form": SearchForm(),
        "cuisines": _cuisines(),
        "products": [{"product": product, **_least(product)} for product in products],
    }
    return render(request, "home.html", context)


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


def _least(product: Product) -> dict[str, Any]:
    """Return the price and interval of a product's smallest plan, nothing if it has none."""
    plans = sorted(product.plan_rows or (), key=lambda plan: (plan["rank"], plan["id"]))
    if not plans:
        return {}
    money = Money(plans[0]["price_amount"], plans[0]["currency"])
    return {"price": money, "interval": plans[0]["interval"]}
