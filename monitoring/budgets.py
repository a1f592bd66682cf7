"""What every endpoint and page may cost: milliseconds, queries, bytes, and how often a copy serves.

Tests hold queries and bytes, baselines and load runs the times, and the dashboard shows each
endpoint against its budget. A route without one fails `make check`.
"""

from typing import NamedTuple


class Targets(NamedTuple):
    """What holds for the site as a whole."""

    average_ms: float = 50
    p95_ms: float = 150
    query_ms: float = 5
    queries_of_public_page: int = 2
    page_load_ms: float = 1000
    first_paint_ms: float = 800
    users: int = 1000
    memory_mb: float = 300
    hit_rate: float = 80  # percent of cached reads
    error_rate: float = 0.1  # percent of answers


TARGETS = Targets()


class Budget(NamedTuple):
    """What one endpoint may cost: at most so many queries (cold) and bytes as sent (compressed).

    `hit_rate` is the least share, in percent, of a cached read's answers that are not made anew.
    """

    queries: int
    bytes: int
    average_ms: float = TARGETS.average_ms
    p95_ms: float = TARGETS.p95_ms
    hit_rate: float | None = None


def cached(queries: int, size: int, **times: float) -> Budget:
    """Return the budget of a cached read."""
    return Budget(queries, size, hit_rate=TARGETS.hit_rate, **times)


#: Signing in checks a password slowly, so that nobody tries many.
SIGN_IN = Budget(queries=20, bytes=12_000, average_ms=250, p95_ms=500)
FORM = Budget(queries=6, bytes=12_000)
POSTED = Budget(queries=20, bytes=12_000)

API = {
    "GET /api/health": Budget(queries=0, bytes=200),
    "GET /api/health/ready": Budget(queries=12, bytes=1_000),
    "GET /api/schema": Budget(queries=0, bytes=40_000, average_ms=100, p95_ms=500),
    "GET /api/docs": Budget(queries=3, bytes=60_000, average_ms=100, p95_ms=500),
    "GET /api/auth/me": Budget(queries=2, bytes=1_000),
    "GET /api/auth/tokens": Budget(queries=2, bytes=10_000),
    "POST /api/auth/tokens": SIGN_IN,
    "GET /api/auth/tokens/{pk}": Budget(queries=2, bytes=1_000),
    "DELETE /api/auth/tokens/{pk}": Budget(queries=5, bytes=1_000),
    "GET /api/coocook/chefs": cached(queries=2, size=10_000),
    "POST /api/coocook/chefs": Budget(queries=10, bytes=2_000),
    "GET /api/coocook/chefs/{pk}": cached(queries=2, size=2_000),
    "PUT /api/coocook/chefs/{pk}": Budget(queries=10, bytes=2_000),
    "PATCH /api/coocook/chefs/{pk}": Budget(queries=10, bytes=2_000),
    "GET /api/coocook/chefs/{pk}/availability": Budget(queries=4, bytes=4_000),
    "PUT /api/coocook/chefs/{pk}/availability": Budget(queries=14, bytes=4_000),
    "GET /api/coocook/chefs/{pk}/reviews": cached(queries=2, size=10_000),
    "GET /api/coocook/chefs/{pk}/slots": cached(queries=3, size=10_000),
    "GET /api/coocook/bookings": Budget(queries=3, bytes=10_000),
    "POST /api/coocook/bookings": Budget(queries=14, bytes=2_000),
    "GET /api/coocook/bookings/{pk}": Budget(queries=3, bytes=2_000),
    "PATCH /api/coocook/bookings/{pk}": Budget(queries=8, bytes=2_000),
    "POST /api/coocook/bookings/{pk}/cancel": Budget(queries=10, bytes=2_000),
    "POST /api/coocook/bookings/{pk}/complete": Budget(queries=10, bytes=2_000),
    "POST /api/coocook/bookings/{pk}/confirm": Budget(queries=10, bytes=2_000),
    "POST /api/coocook/bookings/{pk}/decline": Budget(queries=10, bytes=2_000),
    "POST /api/coocook/bookings/{pk}/review": Budget(queries=12, bytes=2_000),
    "GET /api/platform/products": cached(queries=2, size=5_000),
    "POST /api/platform/products": Budget(queries=10, bytes=2_000),
    "GET /api/platform/products/{slug}": cached(queries=3, size=2_000),
    "PATCH /api/platform/products/{slug}": Budget(queries=12, bytes=2_000),
    "DELETE /api/platform/products/{slug}": Budget(queries=10, bytes=1_000),
    "POST /api/platform/batch-create-bookings": Budget(queries=80, bytes=20_000, p95_ms=300),
    "GET /api/monitoring/metrics": Budget(queries=12, bytes=30_000, average_ms=100, p95_ms=300),
    "GET /api/monitoring/system": Budget(queries=4, bytes=4_000, average_ms=100, p95_ms=300),
    "GET /api/monitoring/budgets": Budget(queries=6, bytes=30_000, average_ms=100, p95_ms=300),
    "GET /metrics": Budget(queries=12, bytes=200_000, average_ms=200, p95_ms=500),
}

PAGES = {
    "GET /": cached(queries=4, size=20_000),
    "GET /account": Budget(queries=6, bytes=12_000),
    "POST /account/tokens/new": POSTED,
    "POST /account/tokens/{pk}/revoke": POSTED,
    "GET /accounts/email": FORM,
    "GET /accounts/email/confirm": FORM,
    "GET /accounts/email/confirm/{key}": FORM,
    "GET /accounts/inactive": FORM,
    "GET /accounts/login": FORM,
    "POST /accounts/login": SIGN_IN,
    "POST /accounts/logout": POSTED,
    "GET /accounts/password/change": FORM,
    "GET /accounts/password/reset": FORM,
    "GET /accounts/password/reset/done": FORM,
    "GET /accounts/password/reset/sent": FORM,
    "GET /accounts/password/reset/{uidb36}-{key}": FORM,
    "GET /accounts/password/set": FORM,
    "GET /accounts/reauthenticate": FORM,
    "GET /accounts/second-factor": FORM,
    "GET /accounts/second-factor/app/activate": FORM,
    "GET /accounts/second-factor/app/deactivate": FORM,
    "GET /accounts/second-factor/authenticate": FORM,
    "GET /accounts/second-factor/codes": FORM,
    "GET /accounts/second-factor/codes/download": FORM,
    "GET /accounts/second-factor/codes/generate": FORM,
    "GET /accounts/second-factor/reauthenticate": FORM,
    "GET /accounts/signup": FORM,
    "POST /accounts/signup": SIGN_IN,
    "GET /coocook/bookings": Budget(queries=4, bytes=15_000),
    "GET /coocook/bookings/{pk}": Budget(queries=4, bytes=12_000),
    "POST /coocook/bookings/{pk}/cancel": POSTED,
    "POST /coocook/bookings/{pk}/complete": POSTED,
    "POST /coocook/bookings/{pk}/confirm": POSTED,
    "POST /coocook/bookings/{pk}/decline": POSTED,
    "GET /coocook/chefs/{pk}": cached(queries=5, size=20_000),
    "GET /coocook/chefs/{pk}/book": Budget(queries=8, bytes=15_000),
    "POST /coocook/chefs/{pk}/book": POSTED,
    "GET /coocook/chefs/{pk}/reviews": cached(queries=4, size=15_000),
    "GET /coocook/explore": cached(queries=2, size=30_000),
    "GET /coocook/fragments/free-this-week": cached(queries=6, size=15_000),
    "GET /coocook/fragments/next-free": cached(queries=6, size=10_000),
    "GET /coocook/requests": Budget(queries=5, bytes=15_000),
    "GET /fragments/account-menu": Budget(queries=3, bytes=4_000),
    "GET /problems/{code}": Budget(queries=0, bytes=200),
    "GET /styleguide/": Budget(queries=3, bytes=40_000, average_ms=150, p95_ms=500),
    "GET /admin/*": Budget(queries=40, bytes=60_000, average_ms=200, p95_ms=500),
}

#: By the name under which an endpoint is counted: `GET /api/coocook/chefs/{pk}`.
BUDGETS: dict[str, Budget] = API | PAGES
