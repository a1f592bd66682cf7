"""What is sold, with the prices of each plan side by side."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from softfactory.kernel.http import cached_reads
from softfactory.kernel.http.pages import render_once
from softfactory.kernel.money import Money
from subscriptions.models import Feature, Plan, Product
from subscriptions.services.products import features_by_plan


class Priced(NamedTuple):
    """A plan as the page shows it."""

    pk: int
    name: str
    interval: str
    price: Money
    trial_days: int


class Compared(NamedTuple):
    """A feature, and in words what each plan allows of it: pairs of the plan's name and those."""

    name: str
    cells: tuple[tuple[str, str], ...]


class Shelved(NamedTuple):
    """A product with its plans, the smallest first, and their features side by side."""

    slug: str
    name: str
    description: str
    plans: tuple[Priced, ...]
    features: tuple[Compared, ...]


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
    features = tuple(_compared(product.feature_rows or (), plans))
    return Shelved(product.slug, product.name, product.description, plans, features)


def _compared(rows: Sequence[Mapping[str, Any]], plans: Sequence[Priced]) -> Iterator[Compared]:
    """Yield each feature that one of the plans names; another plan that does not has none of it."""
    by_plan = features_by_plan(rows)
    every = {row["key"]: row for row in sorted(rows, key=itemgetter("rank", "key"))}
    for key, feature in every.items():
        values = (
            next((row["value"] for row in by_plan[plan.pk] if row["key"] == key), 0)
            for plan in plans
        )
        cells = (
            (plan.name, _in_words(feature["kind"], value, plan.interval))
            for plan, value in zip(plans, values, strict=True)
        )
        yield Compared(feature["name"], tuple(cells))


def _in_words(kind: str, value: int | None, interval: str) -> str:
    if value == 0:
        return pgettext("feature", "No")
    if kind == Feature.Kind.BOOLEAN:
        return pgettext("feature", "Yes")
    if value is None:
        return pgettext("feature", "Any number")
    number = number_format(value, force_grouping=True)
    if kind == Feature.Kind.LIMIT:
        return number
    by_year = interval == Plan.Interval.YEAR
    return (_("%(number)s a year") if by_year else _("%(number)s a month")) % {"number": number}
