"""Queries: with their indexes and without, joined and one by one."""

from collections.abc import Iterator
from pathlib import Path

from tests.load.effects.comparing import Way, compared, costs, table


def indexes(folder: Path) -> None:
    """The same statements with their indexes, and without."""
    from django.db import connection, transaction

    from bookings.models import Booking, Chef

    one = Booking.objects.newest_first().first()
    mine = Booking.objects.filter(customer=one.customer_id)
    cases = {
        "a customer's bookings": (mine.newest_first()[:20], ("customer", "cust_status")),
        "those that wait": (mine.filter(status="pending"), ("customer", "cust_status")),
        "what waits anywhere": (
            Booking.objects.filter(status="pending").order_by("-created_at")[:20],
            ("status", "cust_status", "chef_start"),
        ),
        "a chef's days to come": (
            Booking.objects.filter(chef=one.chef_id, starts_at__gte=one.starts_at).soonest_first(),
            ("chef_start",),
        ),
        "the best chefs": (Chef.objects.active().best_first()[:20], ("best_rated",)),
    }

    def rows() -> Iterator[tuple]:
        for name, (query, dropped) in cases.items():
            statement, parameters = query.query.sql_with_params()

            def run(statement: str = statement, parameters: tuple = parameters) -> None:
                cursor.execute(statement, parameters)
                cursor.fetchall()

            with transaction.atomic(), connection.cursor() as cursor:
                with_them, plan = costs({"": run}, times=20)[""], query.explain()
                for index in dropped:
                    cursor.execute(f"DROP INDEX {query.model._meta.db_table}_{index}")
                without, other = costs({"": run}, times=20)[""], query.explain()
                transaction.set_rollback(True)
            yield name, _said(plan), _said(other), f"{with_them:.0f}", f"{without / with_them:.3g}"

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    table("Indexes", "statement | plan | without its indexes | µs | × without", rows())


def _said(plan: str) -> str:
    return "; ".join(step.split(" ", 3)[3] for step in plan.splitlines())


def lists(folder: Path) -> None:
    """Bookings with their chefs, and chefs with their number of reviews: joined, or one by one."""
    from django.db import connection
    from django.db.models import FETCH_ONE, Count
    from django.test.utils import CaptureQueriesContext

    from bookings.models import Booking, Chef

    newest = Booking.objects.newest_first()
    best = Chef.objects.active().best_first()
    topics: dict[str, dict[str, Way]] = {
        "20 bookings with their chefs": {
            "with_chef()": lambda: [one.chef.name for one in newest.with_chef()[:20]],
            "forgotten, fetched together": lambda: [one.chef.name for one in newest[:20]],
            "one by one": lambda: [one.chef.name for one in newest.fetch_mode(FETCH_ONE)[:20]],
        },
        "20 chefs with their reviews counted": {
            "columns on the chef": lambda: [one.review_count for one in best[:20]],
            "an aggregate": lambda: [
                one.number for one in best.annotate(number=Count("reviews"))[:20]
            ],
            "one by one": lambda: [one.reviews.count() for one in best[:20]],
        },
    }
    for title, ways in topics.items():
        queries = {}
        for name, way in ways.items():
            with CaptureQueriesContext(connection) as captured:
                way()
            queries[name] = len(captured)
        rows = compared(costs(ways, times=5), queries=queries)
        table(title, "way | queries | µs | ×", rows)
