"""The rules of what is sold: a product and its plans change together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, stale_version
from subscriptions.models import Plan, Product


def create_product(*, plans: Iterable[Mapping[str, Any]] = (), **columns: Any) -> Product:
    """Create a product with these plans. Raises Conflict if its slug is taken."""
    return _write(Product(**columns), plans)


def edit_product(
    *,
    product: Product,
    versions: Collection[int] | None,
    plans: Iterable[Mapping[str, Any]] | None = None,
    **columns: Any,
) -> Product:
    """Change a product at one of these versions (None: any); `plans` replaces all of its plans.

    Raises PreconditionFailed if the version is no more, Conflict if the slug is taken, or if a plan
    that is left out has subscribers.
    """

    @transactional
    def write() -> None:
        rows = Product.objects.filter(pk=product.pk).at_versions(versions)
        if not rows.update(**columns):
            raise stale_version()
        if plans is not None:
            _replace_plans(product, plans)

    _refusing_a_taken_slug(write)
    return Product.objects.with_plans().get(pk=product.pk)


def delete_product(*, product: Product, versions: Collection[int] | None) -> None:
    """Delete a product and its plans, at one of these versions (None: any).

    Raises Conflict if somebody has, or had, a subscription to it.
    """
    try:
        deleted, _by_model = Product.objects.filter(pk=product.pk).at_versions(versions).delete()
    except ProtectedError:
        message = _("Somebody has subscribed to this product. Stop selling it instead.")
        raise Conflict("product_in_use", message) from None
    if not deleted:
        raise stale_version()


def features_by_plan(
    rows: Iterable[Mapping[str, Any]],
) -> defaultdict[int, list[Mapping[str, Any]]]:
    """Return the `feature_rows` of a product by their plan, each plan's in order of rank."""
    by_plan: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=itemgetter("rank", "key")):
        by_plan[row["plan"]].append(row)
    return by_plan


def _write(product: Product, plans: Iterable[Mapping[str, Any]]) -> Product:
    @transactional
    def write() -> None:
        product.pk = None
        product.save(force_insert=True)
        _replace_plans(product, plans)

    _refusing_a_taken_slug(write)
    return Product.objects.with_plans().get(pk=product.pk)


def _replace_plans(product: Product, plans: Iterable[Mapping[str, Any]]) -> None:
    """Give the product these plans; one of the same name and interval stays the same row."""
    kept = []
    for plan in plans:
        columns = {key: value for key, value in plan.items() if key != "price"}
        columns |= {"price_amount": plan["price"].amount, "currency": plan["price"].currency}
        name, interval = columns.pop("name"), columns.pop("interval")
        row, _created = Plan.objects.update_or_create(
            product=product, name=name, interval=interval, defaults=columns
        )
        kept.append(row.pk)
    try:
        product.plans.exclude(pk__in=kept).delete()
    except ProtectedError:
        message = _("Somebody has subscribed to a plan that you left out. Send it too.")
        raise Conflict("plan_in_use", message) from None


def _refusing_a_taken_slug(write: Any) -> None:
    try:
        write()
    except IntegrityError as error:
        if not violates(error, table=Product._meta.db_table):
            raise
        message = _("Another product has this address. Choose another slug.")
        raise Conflict("slug_taken", message) from None
