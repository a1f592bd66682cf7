"""The visits: for each endpoint with a budget who asks, for which rows, and with what body."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from monitoring.visits.scene import PASSWORD, Scene

#: What fills the `{names}` of an address, and what is sent.
type Prepared = tuple[Mapping[str, Any], Mapping[str, Any]]

IN_BATCH = 10  # of the 50 that one may ask for


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


def _chef(scene: Scene) -> Prepared:
    return {"pk": scene.chef.pk}, {}


def _cards(scene: Scene) -> Prepared:
    return {"ids": ",".join(map(str, scene.shown))}, {}


def _booking(scene: Scene) -> Prepared:
    return {"pk": scene.booking.pk}, {}


def _pending(scene: Scene) -> Prepared:
    return {"pk": scene.pending().pk}, {}


def _over(scene: Scene) -> Prepared:
    return {"pk": scene.over().pk}, {}


def _completed(scene: Scene) -> Prepared:
    return {"pk": scene.completed().pk}, {"rating": 5, "text": "The pancakes were worth it."}


def _edited_booking(scene: Scene) -> Prepared:
    return {"pk": scene.pending().pk}, {"guests": 2, "special_requests": "No peanuts."}


def _story(scene: Scene) -> Prepared:
    return {"request_id": scene.new_story().request_id}, {}


def _kept_token(scene: Scene) -> Prepared:
    return {"pk": scene.token.pk}, {}


def _new_token(scene: Scene) -> Prepared:
    return {"pk": scene.new_token().pk}, {}


def _new_card(scene: Scene) -> Prepared:
    return {"pk": scene.new_card().pk}, {}


def _test_card(scene: Scene) -> Prepared:
    return {}, {"token": "card_ok"}


def _new_plan(scene: Scene) -> Prepared:
    return {}, {"plan_id": scene.new_plan().pk}


def _subscription(scene: Scene) -> Prepared:
    return {"pk": scene.new_subscription().pk}, {}


def _paused_subscription(scene: Scene) -> Prepared:
    return {"pk": scene.paused_subscription().pk}, {}


def _plan(scene: Scene) -> Prepared:
    return {"plan": scene.new_plan().pk}, {}


def _larger(scene: Scene) -> Prepared:
    names, wish = _larger_plan(scene)
    return {**names, "plan": wish["plan_id"]}, {}


def _larger_plan(scene: Scene) -> Prepared:
    subscription = scene.new_subscription()
    larger = subscription.product.plans.by_rank().last()
    return {"pk": subscription.pk}, {"plan_id": larger.pk}


def _token_form(scene: Scene) -> Prepared:
    return {}, {"name": "Calendar", "scopes": ["bookings:read"], "expires_in_days": 30}


def _ended(scene: Scene) -> Prepared:
    return {"key": "of-a-link-that-ended", "uidb36": "1"}, {}


def _known_code(scene: Scene) -> Prepared:
    return {"code": "slot_taken"}, {}


def _sign_in(scene: Scene) -> Prepared:
    return {}, {"login": scene.visitor.email, "password": PASSWORD}


def _sign_up(scene: Scene) -> Prepared:
    email = f"visitor{scene.serial()}@example.test"
    return {}, {"name": "Vi", "email": email, "password1": PASSWORD, "password2": PASSWORD}


def _issue(scene: Scene) -> Prepared:
    return {}, {"email": scene.visitor.email, "password": PASSWORD}


def _product(scene: Scene) -> Prepared:
    return {"slug": scene.product.slug}, {}


def _product_details(scene: Scene) -> Prepared:
    plan = {
        "name": "Monthly",
        "interval": "month",
        "price": {"amount": 9_900, "currency": "KRW"},
    }
    return {}, {"slug": f"visited-{scene.serial()}", "name": "Visited", "plans": [plan]}


def _edited_product(scene: Scene) -> Prepared:
    return {"slug": scene.new_product().slug}, {"name": "Renamed"}


def _unneeded_product(scene: Scene) -> Prepared:
    return {"slug": scene.new_product().slug}, {}


def _details(scene: Scene) -> dict[str, Any]:
    chef = scene.chef
    rate = {"amount": chef.hourly_rate.amount, "currency": chef.currency}
    return {
        "name": "Nari",
        "bio": chef.bio,
        "cuisine": chef.cuisine,
        "location": chef.location,
        "hourly_rate": rate,
    }


def _chef_details(scene: Scene) -> Prepared:
    return {}, _details(scene)


def _edited_chef(scene: Scene) -> Prepared:
    return {"pk": scene.new_chef().pk}, _details(scene)


def _edited_availability(scene: Scene) -> Prepared:
    hours = [("09:00", "13:00"), ("15:00", "21:00")]
    rules = [
        {"weekday": day, "starts_at": starts, "ends_at": ends}
        for day in range(7)
        for starts, ends in hours
    ]
    return {"pk": scene.new_chef().pk}, {
        "timezone": scene.chef.timezone,
        "rules": rules,
        "exceptions": [],
        "buffer_before_minutes": 30,
        "buffer_after_minutes": 30,
        "minimum_notice_minutes": 60,
        "horizon_days": 60,
        "durations": [2, 3, 4],
        "slot_step_minutes": 30,
    }


def _wanted(scene: Scene, count: int = 1) -> list[dict[str, Any]]:
    chef = scene.chef
    visit = {"chef_id": chef.pk, "duration_hours": chef.durations[0], "guests": 2}
    starts = scene.free_starts(count)
    return [visit | {"starts_at": starts_at.isoformat()} for starts_at in starts]


def _free_time(scene: Scene) -> Prepared:
    return {}, _wanted(scene)[0]


def _free_times(scene: Scene) -> Prepared:
    return {}, {"bookings": _wanted(scene, IN_BATCH)}


def _booking_form(scene: Scene) -> Prepared:
    return {"pk": scene.chef.pk}, _wanted(scene)[0]


_NEXT_FREE = "/coocook/fragments/next-free?ids={ids}"

OF_THE_API = (
    Visit("GET /api/health"),
    Visit("GET /api/health/ready"),
    Visit("GET /api/schema"),
    Visit("GET /api/docs"),
    Visit("GET /api/auth/me", "customer"),
    Visit("GET /api/auth/tokens", "customer"),
    Visit("POST /api/auth/tokens", "nobody", _issue, 201),
    Visit("GET /api/auth/tokens/{pk}", "customer", _kept_token),
    Visit("DELETE /api/auth/tokens/{pk}", "customer", _new_token, 204),
    Visit("GET /api/coocook/chefs"),
    Visit("POST /api/coocook/chefs", "owner", _chef_details, 201),
    Visit("GET /api/coocook/chefs/{pk}", "nobody", _chef),
    Visit("PUT /api/coocook/chefs/{pk}", "owner", _edited_chef),
    Visit("PATCH /api/coocook/chefs/{pk}", "owner", _edited_chef),
    Visit("GET /api/coocook/chefs/{pk}/availability", "owner", _chef),
    Visit("PUT /api/coocook/chefs/{pk}/availability", "owner", _edited_availability),
    Visit("GET /api/coocook/chefs/{pk}/reviews", "nobody", _chef),
    Visit("GET /api/coocook/chefs/{pk}/slots", "nobody", _chef),
    Visit("GET /api/coocook/bookings", "customer"),
    Visit("POST /api/coocook/bookings", "customer", _free_time, 201),
    Visit("GET /api/coocook/bookings/{pk}", "customer", _booking),
    Visit("PATCH /api/coocook/bookings/{pk}", "customer", _edited_booking),
    Visit("POST /api/coocook/bookings/{pk}/cancel", "customer", _pending),
    Visit("POST /api/coocook/bookings/{pk}/complete", "owner", _over),
    Visit("POST /api/coocook/bookings/{pk}/confirm", "owner", _pending),
    Visit("POST /api/coocook/bookings/{pk}/decline", "owner", _pending),
    Visit("POST /api/coocook/bookings/{pk}/review", "customer", _completed, 201),
    Visit("GET /api/platform/products"),
    Visit("POST /api/platform/products", "staff", _product_details, 201),
    Visit("GET /api/platform/products/{slug}", "nobody", _product),
    Visit("PATCH /api/platform/products/{slug}", "staff", _edited_product),
    Visit("DELETE /api/platform/products/{slug}", "staff", _unneeded_product, 204),
    Visit("GET /api/platform/cards", "customer"),
    Visit("POST /api/platform/cards", "customer", _test_card, 201),
    Visit("DELETE /api/platform/cards/{pk}", "customer", _new_card, 204),
    Visit("GET /api/platform/payments", "customer"),
    Visit("GET /api/platform/ledger", "staff"),
    Visit("GET /api/platform/subscriptions", "customer"),
    Visit("POST /api/platform/subscriptions", "customer", _new_plan, 201),
    Visit("GET /api/platform/subscriptions/{pk}", "customer", _subscription),
    Visit("POST /api/platform/subscriptions/{pk}/preview", "customer", _larger_plan),
    Visit("POST /api/platform/subscriptions/{pk}/change", "customer", _larger_plan),
    Visit("POST /api/platform/subscriptions/{pk}/pause", "customer", _subscription),
    Visit("POST /api/platform/subscriptions/{pk}/resume", "customer", _paused_subscription),
    Visit("POST /api/platform/subscriptions/{pk}/cancel", "customer", _subscription),
    Visit("GET /api/platform/invoices", "customer"),
    Visit("POST /api/platform/batch-create-bookings", "customer", _free_times, 201),
    Visit("GET /api/monitoring/metrics", "staff"),
    Visit("GET /api/monitoring/system", "staff"),
    Visit("GET /api/monitoring/alerts", "staff"),
    Visit("GET /api/monitoring/budgets", "staff"),
    Visit("GET /api/monitoring/series", "staff"),
    Visit("GET /api/monitoring/requests/{request_id}", "staff", _story),
    Visit("GET /api/cache/stats", "staff"),
    Visit("POST /api/cache/clear", "staff"),
    Visit("GET /metrics", "staff"),
)

PAGES = (
    Visit("GET /"),
    Visit("GET /account", "customer"),
    Visit("POST /account/tokens/new", "customer", _token_form),
    Visit("POST /account/tokens/{pk}/revoke", "customer", _new_token, 302),
    Visit("GET /accounts/email", "customer"),
    Visit("GET /accounts/email/confirm"),
    Visit("GET /accounts/email/confirm/{key}", "nobody", _ended),
    Visit("GET /accounts/inactive"),
    Visit("GET /accounts/login"),
    Visit("POST /accounts/login", "nobody", _sign_in, 302),
    Visit("POST /accounts/logout", "leaving", status=302),
    Visit("GET /accounts/password/change", "customer"),
    Visit("GET /accounts/password/reset"),
    Visit("GET /accounts/password/reset/done"),
    Visit("GET /accounts/password/reset/sent"),
    Visit("GET /accounts/password/reset/{uidb36}-{key}", "nobody", _ended),
    Visit("GET /accounts/reauthenticate", "customer"),
    Visit("GET /accounts/second-factor", "customer"),
    Visit("GET /accounts/signup"),
    Visit("POST /accounts/signup", "nobody", _sign_up, 302),
    Visit("GET /coocook/bookings", "customer"),
    Visit("GET /coocook/bookings/{pk}", "customer", _booking),
    Visit("POST /coocook/bookings/{pk}/cancel", "customer", _pending, 302),
    Visit("POST /coocook/bookings/{pk}/complete", "owner", _over, 302),
    Visit("POST /coocook/bookings/{pk}/confirm", "owner", _pending, 302),
    Visit("POST /coocook/bookings/{pk}/decline", "owner", _pending, 302),
    Visit("GET /coocook/chefs/{pk}", "nobody", _chef),
    Visit("GET /coocook/chefs/{pk}/book", "customer", _chef),
    Visit("POST /coocook/chefs/{pk}/book", "customer", _booking_form, 302),
    Visit("GET /coocook/chefs/{pk}/reviews", "nobody", _chef),
    Visit("GET /coocook/explore"),
    Visit("GET /coocook/fragments/free-this-week"),
    Visit("GET /coocook/fragments/next-free", "nobody", _cards, path=_NEXT_FREE),
    Visit("GET /coocook/requests", "owner"),
    Visit("GET /fragments/account-menu", "customer"),
    Visit("GET /speculation-rules"),
    Visit("GET /pricing"),
    Visit("GET /subscriptions", "customer"),
    Visit("GET /subscriptions/start/{plan}", "customer", _plan),
    Visit("POST /subscriptions/start/{plan}", "customer", _plan, 302),
    Visit("GET /subscriptions/{pk}", "customer", _subscription),
    Visit("GET /subscriptions/{pk}/change/{plan}", "customer", _larger),
    Visit("POST /subscriptions/{pk}/change/{plan}", "customer", _larger, 302),
    Visit("POST /subscriptions/{pk}/pause", "customer", _subscription, 302),
    Visit("POST /subscriptions/{pk}/resume", "customer", _paused_subscription, 302),
    Visit("GET /subscriptions/{pk}/cancel", "customer", _subscription),
    Visit("POST /subscriptions/{pk}/cancel", "customer", _subscription, 302),
    Visit("GET /payments/cards", "customer"),
    Visit("POST /payments/cards", "customer", _test_card, 302),
    Visit("POST /payments/cards/{pk}/remove", "customer", _new_card, 302),
    Visit("GET /problems/{code}", "nobody", _known_code, 302),
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
    "GET /invoices/{pk}": "It is for who has one, and an invoice stays for good.",
    "POST /api/platform/invoices/{pk}/pay": "It pays, and what is paid stays in the ledger.",
    "POST /api/platform/webhooks/stripe": "It is for who knows Stripe's secret.",
    "GET /payments/sandbox/{pk}": "It is for who pays, and what is paid stays in the ledger.",
    "POST /payments/sandbox/{pk}": "It pays, and what is paid stays in the ledger.",
    "GET /accounts/password/set": "Nobody is without a password here: it leads away.",
    "GET /accounts/second-factor/app/activate": "It asks for the password first: it leads away.",
    "GET /accounts/second-factor/app/deactivate": _APP,
    "GET /accounts/second-factor/authenticate": "It comes between a password and a code.",
    "GET /accounts/second-factor/codes": _APP,
    "GET /accounts/second-factor/codes/download": _APP,
    "GET /accounts/second-factor/codes/generate": _APP,
    "GET /accounts/second-factor/reauthenticate": _APP,
}
