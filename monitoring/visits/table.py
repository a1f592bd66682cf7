"""The visits: for each endpoint with a budget who asks, for which rows, and with what body."""

from collections.abc import Callable
from typing import NamedTuple

from monitoring.visits import preparing
from monitoring.visits.preparing import Prepared
from monitoring.visits.scene import Scene


class Visit(NamedTuple):
    """One way to ask for the endpoint `name`, and the status that it answers with."""

    name: str
    by: str = "nobody"
    prepare: Callable[[Scene], Prepared] = lambda scene: ({}, {})
    status: int = 200
    path: str = ""  # where the route is no address

    @property
    def is_api(self) -> bool:
        return "/api/" in self.name or self.name == "GET /metrics"

    @property
    def is_read(self) -> bool:
        return self.name.startswith("GET ")


_NEXT_FREE = "/coocook/fragments/next-free?ids={ids}"

OF_THE_API = (
    Visit("GET /api/health"),
    Visit("GET /api/health/ready"),
    Visit("GET /api/schema"),
    Visit("GET /api/docs"),
    Visit("GET /api/auth/me", "customer"),
    Visit("GET /api/auth/tokens", "customer"),
    Visit("POST /api/auth/tokens", "nobody", preparing.issue, 201),
    Visit("GET /api/auth/tokens/{pk}", "customer", preparing.kept_token),
    Visit("DELETE /api/auth/tokens/{pk}", "customer", preparing.new_token, 204),
    Visit("GET /api/coocook/chefs"),
    Visit("POST /api/coocook/chefs", "owner", preparing.chef_details, 201),
    Visit("GET /api/coocook/chefs/{pk}", "nobody", preparing.chef),
    Visit("PUT /api/coocook/chefs/{pk}", "owner", preparing.edited_chef),
    Visit("PATCH /api/coocook/chefs/{pk}", "owner", preparing.edited_chef),
    Visit("GET /api/coocook/chefs/{pk}/availability", "owner", preparing.chef),
    Visit("PUT /api/coocook/chefs/{pk}/availability", "owner", preparing.edited_availability),
    Visit("GET /api/coocook/chefs/{pk}/policy", "nobody", preparing.chef),
    Visit("PUT /api/coocook/chefs/{pk}/policy", "owner", preparing.edited_policy),
    Visit("GET /api/coocook/chefs/{pk}/earnings", "owner", preparing.chef),
    Visit("GET /api/coocook/chefs/{pk}/reviews", "nobody", preparing.chef),
    Visit("GET /api/coocook/chefs/{pk}/slots", "nobody", preparing.chef),
    Visit("GET /api/coocook/bookings", "customer"),
    Visit("POST /api/coocook/bookings", "customer", preparing.free_time, 201),
    Visit("GET /api/coocook/bookings/{pk}", "customer", preparing.booking),
    Visit("GET /api/coocook/bookings/{pk}.ics", "customer", preparing.booking),
    Visit("PATCH /api/coocook/bookings/{pk}", "customer", preparing.edited_booking),
    Visit("POST /api/coocook/bookings/{pk}/cancel", "customer", preparing.pending),
    Visit("GET /api/coocook/bookings/{pk}/cancellation-preview", "customer", preparing.pending),
    Visit("POST /api/coocook/bookings/{pk}/complete", "owner", preparing.over),
    Visit("POST /api/coocook/bookings/{pk}/confirm", "owner", preparing.pending),
    Visit("POST /api/coocook/bookings/{pk}/decline", "owner", preparing.pending),
    Visit("POST /api/coocook/bookings/{pk}/reschedule", "customer", preparing.new_time),
    Visit("POST /api/coocook/bookings/{pk}/review", "customer", preparing.completed, 201),
    Visit("GET /api/coocook/bookings/{pk}/reviews", "customer", preparing.reviewed),
    Visit("POST /api/coocook/bookings/{pk}/review-answer", "owner", preparing.answer, 201),
    Visit("GET /api/platform/products"),
    Visit("POST /api/platform/products", "staff", preparing.product_details, 201),
    Visit("GET /api/platform/products/{slug}", "nobody", preparing.product),
    Visit("PATCH /api/platform/products/{slug}", "staff", preparing.edited_product),
    Visit("DELETE /api/platform/products/{slug}", "staff", preparing.unneeded_product, 204),
    Visit("GET /api/platform/webhook-endpoints", "customer"),
    Visit("POST /api/platform/webhook-endpoints", "customer", preparing.endpoint_details, 201),
    Visit("GET /api/platform/webhook-endpoints/{pk}", "customer", preparing.endpoint),
    Visit("PATCH /api/platform/webhook-endpoints/{pk}", "customer", preparing.edited_endpoint),
    Visit("DELETE /api/platform/webhook-endpoints/{pk}", "customer", preparing.new_endpoint, 204),
    Visit(
        "POST /api/platform/webhook-endpoints/{pk}/rotate-secret",
        "customer",
        preparing.new_endpoint,
    ),
    Visit(
        "POST /api/platform/webhook-endpoints/{pk}/test", "customer", preparing.new_endpoint, 201
    ),
    Visit("GET /api/platform/webhook-deliveries", "customer"),
    Visit("GET /api/platform/webhook-deliveries/{pk}", "customer", preparing.delivery),
    Visit(
        "POST /api/platform/webhook-deliveries/{pk}/resend", "customer", preparing.dropped_delivery
    ),
    Visit("GET /api/platform/cards", "customer"),
    Visit("POST /api/platform/cards", "customer", preparing.test_card, 201),
    Visit("DELETE /api/platform/cards/{pk}", "customer", preparing.new_card, 204),
    Visit("GET /api/platform/payments", "customer"),
    Visit("GET /api/platform/ledger", "staff"),
    Visit("GET /api/platform/subscriptions", "customer"),
    Visit("POST /api/platform/subscriptions", "customer", preparing.new_plan, 201),
    Visit("GET /api/platform/subscriptions/{pk}", "customer", preparing.subscription),
    Visit("POST /api/platform/subscriptions/{pk}/preview", "customer", preparing.larger_plan),
    Visit("POST /api/platform/subscriptions/{pk}/change", "customer", preparing.larger_plan),
    Visit("POST /api/platform/subscriptions/{pk}/pause", "customer", preparing.subscription),
    Visit(
        "POST /api/platform/subscriptions/{pk}/resume", "customer", preparing.paused_subscription
    ),
    Visit("POST /api/platform/subscriptions/{pk}/cancel", "customer", preparing.subscription),
    Visit("GET /api/platform/entitlements", "customer"),
    Visit("GET /api/platform/invoices", "customer"),
    Visit("POST /api/platform/batch-create-bookings", "customer", preparing.free_times, 201),
    Visit("GET /api/monitoring/metrics", "staff"),
    Visit("GET /api/monitoring/system", "staff"),
    Visit("GET /api/monitoring/alerts", "staff"),
    Visit("GET /api/monitoring/budgets", "staff"),
    Visit("GET /api/monitoring/series", "staff"),
    Visit("GET /api/monitoring/requests/{request_id}", "staff", preparing.story),
    Visit("GET /api/cache/stats", "staff"),
    Visit("POST /api/cache/clear", "staff"),
    Visit("GET /metrics", "staff"),
)

PAGES = (
    Visit("GET /"),
    Visit("GET /account", "customer"),
    Visit("POST /account/tokens/new", "customer", preparing.token_form),
    Visit("POST /account/tokens/{pk}/revoke", "customer", preparing.new_token, 302),
    Visit("GET /account/webhooks", "customer"),
    Visit("POST /account/webhooks/new", "customer", preparing.endpoint_details),
    Visit("GET /account/webhooks/{pk}", "customer", preparing.endpoint),
    Visit("POST /account/webhooks/{pk}/test", "customer", preparing.new_endpoint, 302),
    Visit("POST /account/webhooks/{pk}/secret", "customer", preparing.new_endpoint),
    Visit("POST /account/webhooks/{pk}/delete", "customer", preparing.new_endpoint, 302),
    Visit("GET /account/webhook-deliveries/{pk}", "customer", preparing.delivery),
    Visit("GET /accounts/email", "customer"),
    Visit("GET /accounts/email/confirm"),
    Visit("GET /accounts/email/confirm/{key}", "nobody", preparing.ended),
    Visit("GET /accounts/inactive"),
    Visit("GET /accounts/login"),
    Visit("POST /accounts/login", "nobody", preparing.sign_in, 302),
    Visit("POST /accounts/logout", "leaving", status=302),
    Visit("GET /accounts/password/change", "customer"),
    Visit("GET /accounts/password/reset"),
    Visit("GET /accounts/password/reset/done"),
    Visit("GET /accounts/password/reset/sent"),
    Visit("GET /accounts/password/reset/{uidb36}-{key}", "nobody", preparing.ended),
    Visit("GET /accounts/reauthenticate", "customer"),
    Visit("GET /accounts/second-factor", "customer"),
    Visit("GET /accounts/signup"),
    Visit("POST /accounts/signup", "nobody", preparing.sign_up, 302),
    Visit("GET /coocook/bookings", "customer"),
    Visit("GET /coocook/bookings/{pk}", "customer", preparing.booking),
    Visit("POST /coocook/bookings/{pk}/cancel", "customer", preparing.pending, 302),
    Visit("GET /coocook/bookings/{pk}/pay", "customer", preparing.hold_to_pay),
    Visit("POST /coocook/bookings/{pk}/complete", "owner", preparing.over, 302),
    Visit("POST /coocook/bookings/{pk}/confirm", "owner", preparing.pending, 302),
    Visit("POST /coocook/bookings/{pk}/decline", "owner", preparing.pending, 302),
    Visit("GET /coocook/bookings/{pk}/review", "customer", preparing.completed),
    Visit("POST /coocook/bookings/{pk}/review", "customer", preparing.completed, 302),
    Visit("GET /coocook/bookings/{pk}/review/answer", "owner", preparing.answer),
    Visit("POST /coocook/bookings/{pk}/review/answer", "owner", preparing.answer, 302),
    Visit("GET /coocook/bookings/{pk}/reschedule", "customer", preparing.pending),
    Visit("POST /coocook/bookings/{pk}/reschedule", "customer", preparing.new_time_form, 302),
    Visit("GET /coocook/chefs/{pk}", "nobody", preparing.chef),
    Visit("GET /coocook/chefs/{pk}/book", "customer", preparing.chef),
    Visit("POST /coocook/chefs/{pk}/book", "customer", preparing.booking_form, 302),
    Visit("GET /coocook/chefs/{pk}/terms", "owner", preparing.chef),
    Visit("POST /coocook/chefs/{pk}/terms", "owner", preparing.edited_policy, 302),
    Visit("GET /coocook/chefs/{pk}/earnings", "owner", preparing.chef),
    Visit("GET /coocook/chefs/{pk}/reviews", "nobody", preparing.chef),
    Visit("GET /coocook/explore"),
    Visit("GET /coocook/fragments/free-this-week"),
    Visit("GET /coocook/fragments/next-free", "nobody", preparing.cards, path=_NEXT_FREE),
    Visit("GET /coocook/calendar", "customer", preparing.feed),
    Visit("POST /coocook/calendar", "customer", preparing.feed, 302),
    Visit("GET /coocook/calendar/revoke", "customer", preparing.feed),
    Visit("POST /coocook/calendar/revoke", "customer", preparing.feed, 302),
    Visit("GET /calendar/{secret}.ics", "nobody", preparing.feed),
    Visit("GET /coocook/dashboard", "owner"),
    Visit("GET /coocook/chefs/{pk}/availability", "owner", preparing.chef),
    Visit("POST /coocook/chefs/{pk}/availability", "owner", preparing.availability_form, 302),
    Visit("GET /coocook/requests", "owner"),
    Visit("GET /fragments/account-menu", "customer"),
    Visit("GET /speculation-rules"),
    Visit("GET /pricing"),
    Visit("GET /subscriptions", "customer"),
    Visit("GET /subscriptions/start/{plan}", "customer", preparing.plan),
    Visit("POST /subscriptions/start/{plan}", "customer", preparing.plan, 302),
    Visit("GET /subscriptions/{pk}", "customer", preparing.subscription),
    Visit("GET /subscriptions/{pk}/change/{plan}", "customer", preparing.larger),
    Visit("POST /subscriptions/{pk}/change/{plan}", "customer", preparing.larger, 302),
    Visit("GET /subscriptions/{pk}/coupon", "customer", preparing.subscription),
    Visit("POST /subscriptions/{pk}/coupon", "customer", preparing.coupon, 302),
    Visit("POST /subscriptions/{pk}/pause", "customer", preparing.subscription, 302),
    Visit("POST /subscriptions/{pk}/resume", "customer", preparing.paused_subscription, 302),
    Visit("GET /subscriptions/{pk}/cancel", "customer", preparing.subscription),
    Visit("POST /subscriptions/{pk}/cancel", "customer", preparing.subscription, 302),
    Visit("GET /payments/cards", "customer"),
    Visit("POST /payments/cards", "customer", preparing.test_card, 302),
    Visit("POST /payments/cards/{pk}/remove", "customer", preparing.new_card, 302),
    Visit("GET /problems/{code}", "nobody", preparing.known_code, 302),
    Visit("GET /monitoring/", "staff"),
    Visit("GET /monitoring/routes/", "staff"),
    Visit("GET /monitoring/queries/", "staff"),
    Visit("GET /monitoring/requests/", "staff"),
    Visit("GET /monitoring/system/", "staff"),
    Visit("GET /styleguide/", "staff"),
    Visit("GET /admin/*", "staff", path="/admin/bookings/booking/"),
)

VISITS = {visit.name: visit for visit in (*OF_THE_API, *PAGES)}

_APP = "It is for who has an authenticator app, whose codes a visit can't know."

#: Endpoints with a budget that are not visited, and why.
NOT_ALONE = {
    "POST /api/cache/warmup": "It visits others: how many depends on the site.",
    "GET /api/platform/invoices/{pk}": "It is for who has one, and an invoice stays for good.",
    "GET /api/platform/invoices/{pk}.pdf": "It is for who has one, and an invoice stays for good.",
    "GET /invoices/{pk}": "It is for who has one, and an invoice stays for good.",
    "POST /coocook/bookings/{pk}/pay": "It pays, and what is paid stays in the ledger.",
    "POST /api/coocook/bookings/{pk}/pay": "It pays, and what is paid stays in the ledger.",
    "POST /api/platform/invoices/{pk}/pay": "It pays, and what is paid stays in the ledger.",
    "POST /api/platform/webhooks/stripe": "It is for who knows Stripe's secret.",
    "POST /payments/cards/prepare": "It asks Stripe.",
    "GET /payments/{pk}/confirm": "It is for who pays by Stripe.",
    "POST /payments/{pk}/confirm": "It asks Stripe.",
    "GET /payments/sandbox/{pk}": "It is for who pays, and what is paid stays in the ledger.",
    "POST /payments/sandbox/{pk}": "It pays, and what is paid stays in the ledger.",
    "GET /media/{name}": "It is a file: as large as the picture in it.",
    "GET /accounts/password/set": "Nobody is without a password here: it leads away.",
    "GET /accounts/second-factor/app/activate": "It asks for the password first: it leads away.",
    "GET /accounts/second-factor/app/deactivate": _APP,
    "GET /accounts/second-factor/authenticate": "It comes between a password and a code.",
    "GET /accounts/second-factor/codes": _APP,
    "GET /accounts/second-factor/codes/download": _APP,
    "GET /accounts/second-factor/codes/generate": _APP,
    "GET /accounts/second-factor/reauthenticate": _APP,
}
