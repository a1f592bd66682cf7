"""No route without a budget: said by `manage.py check`, and so by `make check`."""

from typing import Any

from django.core import checks

from monitoring.budgets import BUDGETS
from monitoring.routes import endpoints
from softfactory.kernel.requests import WHOLE


@checks.register()
def every_route_has_a_budget(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of each route that was added without saying what it may cost."""
    return [
        checks.Warning(
            f"{name} has no budget.",
            hint="Add what it may cost to monitoring/budgets.py.",
            id="monitoring.W001",
        )
        for name in unbudgeted()
    ]


def unbudgeted() -> list[str]:
    """Return the routes without a budget; of an API route, each of its methods."""
    budgeted_routes = {name.partition(" ")[2] for name in BUDGETS}
    missing = set()
    for route, view in endpoints():
        methods = [method.upper() for method in getattr(view, "actions", {}) if method != "head"]
        missing |= {f"{method} {route}" for method in methods} - BUDGETS.keys()
        if not methods and route not in {*budgeted_routes, *WHOLE.values()}:
            missing.add(route)
    return sorted(missing)
