"""What every endpoint and page may cost: milliseconds, queries, bytes, and how often a copy serves.

Tests hold queries (exactly what is needed) and bytes (with a quarter to spare), baselines and load
runs the times, and the dashboard shows each endpoint against its budget. A route without one fails
`make check`, and one without a visit in monitoring/visits/table.py fails the tests.
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
    interactive_ms: float = 1000
    users: int = 1000
    memory_mb: float = 300
    hit_rate: float = 80  # percent of cached reads
    error_rate: float = 0.1  # percent of answers


TARGETS = Targets()


class Budget(NamedTuple):
    """What one endpoint may cost: at most so many queries (cold) and bytes as sent (by br).

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


#: Checking a password takes its time, so that nobody tries many.
SLOW = {"average_ms": 100, "p95_ms": 300}

#: What comes instead of a redirect, where a form can't be accepted.
FORM_BYTES = 6_000

API = {
    "GET /api/health": Budget(queries=0, bytes=500),
    "GET /api/health/ready": Budget(queries=21, bytes=500),
    "GET /api/schema": Budget(queries=0, bytes=18_000, average_ms=100, p95_ms=500),
    "GET /api/docs": Budget(queries=0, bytes=18_500, average_ms=100, p95_ms=500),
    "GET /api/auth/me": Budget(queries=1, bytes=500),
    "GET /api/auth/tokens": Budget(queries=2, bytes=2_000),
    "POST /api/auth/tokens": Budget(queries=5, bytes=500, **SLOW),
    "GET /api/auth/tokens/{pk}": Budget(queries=2, bytes=500),
    "DELETE /api/auth/tokens/{pk}": Budget(queries=4, bytes=500),
    "GET /api/coocook/chefs": cached(queries=2, size=5_500),
    "POST /api/coocook/chefs": Budget(queries=3, bytes=500),
    "GET /api/coocook/chefs/{pk}": cached(queries=2, size=600),
    "PUT /api/coocook/chefs/{pk}": Budget(queries=6, bytes=500),
    "PATCH /api/coocook/chefs/{pk}": Budget(queries=6, bytes=500),
    "GET /api/coocook/chefs/{pk}/availability": Budget(queries=2, bytes=500),
    "PUT /api/coocook/chefs/{pk}/availability": Budget(queries=9, bytes=500),
    "GET /api/coocook/chefs/{pk}/policy": cached(queries=2, size=500),
    "PUT /api/coocook/chefs/{pk}/policy": Budget(queries=7, bytes=500),
    "GET /api/coocook/chefs/{pk}/earnings": Budget(queries=4, bytes=1_000),
    "GET /api/coocook/chefs/{pk}/reviews": cached(queries=2, size=2_500),
    "GET /api/coocook/chefs/{pk}/slots": cached(queries=3, size=500),
    "GET /api/coocook/bookings": Budget(queries=3, bytes=2_000),
    "POST /api/coocook/bookings": Budget(queries=7, bytes=500),
    "GET /api/coocook/bookings/{pk}": Budget(queries=2, bytes=600),
    "GET /api/coocook/bookings/{pk}.ics": Budget(queries=2, bytes=1_500),
    "PATCH /api/coocook/bookings/{pk}": Budget(queries=4, bytes=500),
    "POST /api/coocook/bookings/{pk}/cancel": Budget(queries=7, bytes=500),
    "POST /api/coocook/bookings/{pk}/pay": Budget(queries=45, bytes=600, **SLOW),
    "GET /api/coocook/bookings/{pk}/cancellation-preview": Budget(queries=2, bytes=500),
    "POST /api/coocook/bookings/{pk}/complete": Budget(queries=7, bytes=500),
    "POST /api/coocook/bookings/{pk}/confirm": Budget(queries=5, bytes=500),
    "POST /api/coocook/bookings/{pk}/decline": Budget(queries=7, bytes=500),
    "POST /api/coocook/bookings/{pk}/reschedule": Budget(queries=13, bytes=500),
    "GET /api/coocook/bookings/{pk}/reviews": Budget(queries=2, bytes=1_000),
    "POST /api/coocook/bookings/{pk}/review": Budget(queries=5, bytes=500),
    "POST /api/coocook/bookings/{pk}/review-answer": Budget(queries=5, bytes=500),
    "GET /api/platform/products": cached(queries=2, size=1_500),
    "POST /api/platform/products": Budget(queries=11, bytes=500),
    "GET /api/platform/products/{slug}": cached(queries=2, size=500),
    "PATCH /api/platform/products/{slug}": Budget(queries=5, bytes=500),
    "DELETE /api/platform/products/{slug}": Budget(queries=12, bytes=500),
    "GET /api/platform/webhook-endpoints": Budget(queries=2, bytes=1_000),
    "POST /api/platform/webhook-endpoints": Budget(queries=5, bytes=500),
    "GET /api/platform/webhook-endpoints/{pk}": Budget(queries=2, bytes=500),
    "PATCH /api/platform/webhook-endpoints/{pk}": Budget(queries=5, bytes=500),
    "DELETE /api/platform/webhook-endpoints/{pk}": Budget(queries=4, bytes=500),
    "POST /api/platform/webhook-endpoints/{pk}/rotate-secret": Budget(queries=6, bytes=500),
    "POST /api/platform/webhook-endpoints/{pk}/test": Budget(queries=5, bytes=500),
    "GET /api/platform/webhook-deliveries": Budget(queries=2, bytes=1_000),
    "GET /api/platform/webhook-deliveries/{pk}": Budget(queries=3, bytes=500),
    "POST /api/platform/webhook-deliveries/{pk}/resend": Budget(queries=5, bytes=500),
    "GET /api/platform/cards": Budget(queries=2, bytes=1_000),
    "POST /api/platform/cards": Budget(queries=3, bytes=500),
    "DELETE /api/platform/cards/{pk}": Budget(queries=3, bytes=500),
    "GET /api/platform/payments": Budget(queries=2, bytes=2_000),
    "GET /api/platform/ledger": Budget(queries=2, bytes=500),
    "POST /api/platform/webhooks/stripe": Budget(queries=6, bytes=500),
    "GET /api/platform/subscriptions": Budget(queries=2, bytes=1_000),
    "POST /api/platform/subscriptions": Budget(queries=12, bytes=600),
    "GET /api/platform/subscriptions/{pk}": Budget(queries=2, bytes=600),
    "POST /api/platform/subscriptions/{pk}/preview": Budget(queries=5, bytes=600),
    "POST /api/platform/subscriptions/{pk}/change": Budget(queries=13, bytes=600),
    "POST /api/platform/subscriptions/{pk}/pause": Budget(queries=11, bytes=600),
    "POST /api/platform/subscriptions/{pk}/resume": Budget(queries=10, bytes=600),
    "POST /api/platform/subscriptions/{pk}/cancel": Budget(queries=9, bytes=600),
    "GET /api/platform/entitlements": Budget(queries=3, bytes=500),
    "GET /api/platform/invoices": Budget(queries=2, bytes=1_000),
    "GET /api/platform/invoices/{pk}": Budget(queries=2, bytes=600),
    "GET /api/platform/invoices/{pk}.pdf": Budget(queries=3, bytes=30_000),
    "POST /api/platform/invoices/{pk}/pay": Budget(queries=16, bytes=600),
    "POST /api/platform/batch-create-bookings": Budget(queries=8, bytes=2_000, p95_ms=300),
    "GET /api/monitoring/metrics": Budget(queries=8, bytes=20_000, average_ms=100, p95_ms=300),
    "GET /api/monitoring/system": Budget(queries=4, bytes=1_500, average_ms=100, p95_ms=300),
    "GET /api/monitoring/alerts": Budget(queries=7, bytes=2_000),
    "GET /api/monitoring/budgets": Budget(queries=3, bytes=6_000, average_ms=100, p95_ms=300),
    "GET /api/monitoring/series": Budget(queries=2, bytes=30_000, average_ms=100, p95_ms=500),
    "GET /api/monitoring/requests/{request_id}": Budget(queries=2, bytes=1_000),
    # Its lines grow with the statuses that routes have answered so far.
    "GET /api/cache/stats": Budget(queries=2, bytes=1_000, average_ms=100, p95_ms=300),
    # It makes all public pages, in every process.
    "POST /api/cache/warmup": Budget(queries=2_000, bytes=500, average_ms=5_000, p95_ms=10_000),
    "POST /api/cache/clear": Budget(queries=5, bytes=500),
    "GET /metrics": Budget(queries=5, bytes=150_000, average_ms=200, p95_ms=500),
}

PAGES = {
    "GET /": cached(queries=2, size=5_000),
    "GET /account": Budget(queries=4, bytes=8_500),
    "POST /account/tokens/new": Budget(queries=4, bytes=FORM_BYTES),
    "POST /account/tokens/{pk}/revoke": Budget(queries=5, bytes=FORM_BYTES),
    "GET /account/webhooks": Budget(queries=3, bytes=3_000),
    "POST /account/webhooks/new": Budget(queries=6, bytes=FORM_BYTES),
    "GET /account/webhooks/{pk}": Budget(queries=4, bytes=5_000),
    "POST /account/webhooks/{pk}/test": Budget(queries=6, bytes=FORM_BYTES),
    "POST /account/webhooks/{pk}/secret": Budget(queries=7, bytes=FORM_BYTES),
    "POST /account/webhooks/{pk}/delete": Budget(queries=5, bytes=FORM_BYTES),
    "GET /account/webhook-deliveries/{pk}": Budget(queries=4, bytes=3_500),
    "GET /accounts/email": Budget(queries=6, bytes=3_000),
    "GET /accounts/email/confirm": Budget(queries=0, bytes=2_500),
    "GET /accounts/email/confirm/{key}": Budget(queries=0, bytes=2_500),
    "GET /accounts/inactive": Budget(queries=0, bytes=2_500),
    "GET /accounts/login": Budget(queries=0, bytes=3_000),
    "POST /accounts/login": Budget(queries=8, bytes=FORM_BYTES, **SLOW),
    "POST /accounts/logout": Budget(queries=4, bytes=FORM_BYTES),
    "GET /accounts/password/change": Budget(queries=2, bytes=3_000),
    "GET /accounts/password/reset": Budget(queries=0, bytes=3_000),
    "GET /accounts/password/reset/done": Budget(queries=0, bytes=2_500),
    "GET /accounts/password/reset/sent": Budget(queries=0, bytes=2_500),
    "GET /accounts/password/reset/{uidb36}-{key}": Budget(queries=1, bytes=2_500),
    "GET /accounts/password/set": Budget(queries=2, bytes=500),
    "GET /accounts/reauthenticate": Budget(queries=8, bytes=3_000),
    "GET /accounts/second-factor": Budget(queries=4, bytes=2_500),
    "GET /accounts/second-factor/app/activate": Budget(queries=6, bytes=3_000),
    "GET /accounts/second-factor/app/deactivate": Budget(queries=6, bytes=3_000),
    "GET /accounts/second-factor/authenticate": Budget(queries=6, bytes=3_000),
    "GET /accounts/second-factor/codes": Budget(queries=6, bytes=3_000),
    "GET /accounts/second-factor/codes/download": Budget(queries=6, bytes=3_000),
    "GET /accounts/second-factor/codes/generate": Budget(queries=6, bytes=3_000),
    "GET /accounts/second-factor/reauthenticate": Budget(queries=6, bytes=3_000),
    "GET /accounts/signup": Budget(queries=0, bytes=3_000),
    "POST /accounts/signup": Budget(queries=18, bytes=FORM_BYTES, **SLOW),
    "GET /coocook/bookings": Budget(queries=3, bytes=3_500),
    "GET /coocook/bookings/{pk}": Budget(queries=3, bytes=3_500),
    "POST /coocook/bookings/{pk}/cancel": Budget(queries=8, bytes=FORM_BYTES),
    "GET /coocook/bookings/{pk}/pay": Budget(queries=4, bytes=4_000),
    "POST /coocook/bookings/{pk}/pay": Budget(queries=45, bytes=FORM_BYTES, **SLOW),
    "POST /coocook/bookings/{pk}/complete": Budget(queries=8, bytes=FORM_BYTES),
    "POST /coocook/bookings/{pk}/confirm": Budget(queries=6, bytes=FORM_BYTES),
    "POST /coocook/bookings/{pk}/decline": Budget(queries=8, bytes=FORM_BYTES),
    "GET /coocook/bookings/{pk}/review": Budget(queries=3, bytes=4_000),
    "POST /coocook/bookings/{pk}/review": Budget(queries=6, bytes=FORM_BYTES),
    "GET /coocook/bookings/{pk}/review/answer": Budget(queries=3, bytes=4_000),
    "POST /coocook/bookings/{pk}/review/answer": Budget(queries=6, bytes=FORM_BYTES),
    "GET /coocook/bookings/{pk}/reschedule": Budget(queries=5, bytes=5_000),
    "POST /coocook/bookings/{pk}/reschedule": Budget(queries=15, bytes=FORM_BYTES),
    "GET /coocook/chefs/{pk}": cached(queries=6, size=7_000),
    "GET /coocook/chefs/{pk}/book": Budget(queries=4, bytes=5_000),
    "POST /coocook/chefs/{pk}/book": Budget(queries=9, bytes=FORM_BYTES),
    "GET /coocook/chefs/{pk}/terms": Budget(queries=3, bytes=4_000),
    "POST /coocook/chefs/{pk}/terms": Budget(queries=8, bytes=FORM_BYTES),
    "GET /coocook/chefs/{pk}/earnings": Budget(queries=5, bytes=4_000),
    "GET /coocook/chefs/{pk}/reviews": cached(queries=3, size=3_500),
    "GET /coocook/explore": cached(queries=2, size=6_000),
    "GET /coocook/fragments/free-this-week": cached(queries=5, size=1_500),
    "GET /coocook/fragments/next-free": cached(queries=4, size=500),
    "GET /coocook/calendar": Budget(queries=3, bytes=3_000),
    "POST /coocook/calendar": Budget(queries=7, bytes=FORM_BYTES),
    "GET /coocook/calendar/revoke": Budget(queries=3, bytes=2_500),
    "POST /coocook/calendar/revoke": Budget(queries=3, bytes=FORM_BYTES),
    "GET /calendar/{secret}.ics": Budget(queries=3, bytes=5_000),
    "GET /coocook/dashboard": Budget(queries=6, bytes=5_000),
    "GET /coocook/chefs/{pk}/availability": Budget(queries=5, bytes=6_000),
    "POST /coocook/chefs/{pk}/availability": Budget(queries=10, bytes=FORM_BYTES),
    "GET /coocook/requests": Budget(queries=4, bytes=4_000),
    "GET /fragments/account-menu": Budget(queries=3, bytes=500),
    "GET /media/{name}": Budget(queries=0, bytes=500_000),
    "GET /speculation-rules": Budget(queries=0, bytes=500),
    "GET /pricing": cached(queries=2, size=4_000),
    "GET /subscriptions": Budget(queries=5, bytes=4_000),
    "GET /subscriptions/start/{plan}": Budget(queries=7, bytes=4_000),
    "POST /subscriptions/start/{plan}": Budget(queries=13, bytes=FORM_BYTES),
    "GET /subscriptions/{pk}": Budget(queries=7, bytes=4_000),
    "GET /subscriptions/{pk}/change/{plan}": Budget(queries=7, bytes=4_000),
    "POST /subscriptions/{pk}/change/{plan}": Budget(queries=13, bytes=FORM_BYTES),
    "GET /subscriptions/{pk}/coupon": Budget(queries=4, bytes=4_000),
    "POST /subscriptions/{pk}/coupon": Budget(queries=10, bytes=FORM_BYTES),
    "POST /subscriptions/{pk}/pause": Budget(queries=11, bytes=FORM_BYTES),
    "POST /subscriptions/{pk}/resume": Budget(queries=10, bytes=FORM_BYTES),
    "GET /subscriptions/{pk}/cancel": Budget(queries=3, bytes=3_500),
    "POST /subscriptions/{pk}/cancel": Budget(queries=9, bytes=FORM_BYTES),
    "GET /invoices/{pk}": Budget(queries=6, bytes=3_500),
    "GET /payments/cards": Budget(queries=3, bytes=3_500),
    "POST /payments/cards": Budget(queries=4, bytes=FORM_BYTES),
    "POST /payments/cards/prepare": Budget(queries=2, bytes=500, average_ms=1_000, p95_ms=3_000),
    "POST /payments/cards/{pk}/remove": Budget(queries=4, bytes=FORM_BYTES),
    "GET /payments/{pk}/confirm": Budget(queries=3, bytes=3_500),
    "POST /payments/{pk}/confirm": Budget(queries=25, bytes=FORM_BYTES),
    "GET /payments/sandbox/{pk}": Budget(queries=3, bytes=3_000),
    "POST /payments/sandbox/{pk}": Budget(queries=25, bytes=FORM_BYTES),
    "GET /problems/{code}": Budget(queries=0, bytes=500),
    "GET /monitoring/": Budget(queries=10, bytes=30_000, average_ms=200, p95_ms=800),
    "GET /monitoring/routes/": Budget(queries=3, bytes=30_000, average_ms=150, p95_ms=500),
    "GET /monitoring/queries/": Budget(queries=4, bytes=20_000, average_ms=100, p95_ms=300),
    "GET /monitoring/requests/": Budget(queries=3, bytes=20_000, average_ms=100, p95_ms=300),
    "GET /monitoring/system/": Budget(queries=10, bytes=10_000, average_ms=150, p95_ms=500),
    "GET /styleguide/": Budget(queries=2, bytes=11_500, average_ms=150, p95_ms=500),
    "GET /admin/*": Budget(queries=15, bytes=15_000, average_ms=200, p95_ms=500),
}

#: By the name under which an endpoint is counted: `GET /api/coocook/chefs/{pk}`.
BUDGETS: dict[str, Budget] = API | PAGES


class PageBudget(NamedTuple):
    """What opening a page may take in a browser that has nothing of it yet, its files included.

    `bytes` are as sent, `requests` include the page itself, `blocking_scripts` keep it from being
    drawn; the times hold where nothing else uses the computer.
    """

    bytes: int
    requests: int
    bytes_without_pictures: int = 60_000
    blocking_scripts: int = 0
    layout_shift: float = 0.02  # 0.1 is what people begin to notice
    first_paint_ms: float = TARGETS.first_paint_ms
    interactive_ms: float = TARGETS.interactive_ms
    load_ms: float = TARGETS.page_load_ms


PAGE_BUDGETS = {
    "GET /": PageBudget(bytes=90_000, requests=25),
    "GET /coocook/explore": PageBudget(bytes=80_000, requests=22),
    "GET /coocook/chefs/{pk}": PageBudget(bytes=65_000, requests=10),
    "GET /accounts/login": PageBudget(bytes=60_000, requests=8),
    "GET /coocook/bookings": PageBudget(bytes=70_000, requests=15),
}


def slow_from(method: str, route: str) -> float | None:
    """Return from how many milliseconds on an answer is slow: twice what one in twenty may take."""
    budget = BUDGETS.get(f"{method} {route}")
    return budget and 2 * budget.p95_ms
