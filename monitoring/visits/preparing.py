"""What each visit needs before it: rows that fill the `{names}` of an address, and what is sent."""

from collections.abc import Mapping
from typing import Any

from monitoring.visits.scene import PASSWORD, Scene

#: What fills the `{names}` of an address, and what is sent.
type Prepared = tuple[Mapping[str, Any], Mapping[str, Any]]

IN_BATCH = 10  # of the 50 that one may ask for


def chef(scene: Scene) -> Prepared:
    return {"pk": scene.chef.pk}, {}


def cards(scene: Scene) -> Prepared:
    return {"ids": ",".join(map(str, scene.shown))}, {}


def booking(scene: Scene) -> Prepared:
    return {"pk": scene.booking.pk}, {}


def pending(scene: Scene) -> Prepared:
    return {"pk": scene.pending().pk}, {}


def hold_to_pay(scene: Scene) -> Prepared:
    return {"pk": scene.hold_to_pay().pk}, {}


def feed(scene: Scene) -> Prepared:
    return {"secret": scene.feed().secret}, {}


def availability_form(scene: Scene) -> Prepared:
    chef = scene.new_chef()
    filled = {
        "version": chef.version,
        "timezone": chef.timezone,
        "durations": [2, 3],
        "step": 30,
        "buffer_before": 15,
        "buffer_after": 15,
        "notice_hours": 24,
        "horizon_days": 60,
        "day_4": "17:00-23:00",
    }
    return {"pk": chef.pk}, filled


def message(scene: Scene) -> Prepared:
    return {"pk": scene.pending().pk}, {"text": "Which kitchen will it be?"}


def calendar_form(scene: Scene) -> Prepared:
    return {"pk": scene.new_chef().pk}, {"name": "Home", "url": "https://calendar.example/a.ics"}


def calendar(scene: Scene) -> Prepared:
    return {"pk": scene.calendar().pk}, {}


def connect_form(scene: Scene) -> Prepared:
    """What nobody is asked for: it is no public address."""
    fields = {"url": "https://localhost/", "username": "ben", "password": "an-app-password"}
    return {"pk": scene.new_chef().pk}, fields


def connected(scene: Scene) -> Prepared:
    return {"pk": scene.connected_calendar().pk}, {}


def disconnect_form(scene: Scene) -> Prepared:
    return {"pk": scene.connected_calendar().pk}, {"events": "remove"}


def recurring(scene: Scene) -> Prepared:
    chef, starts_at = scene.free_weekly()
    wish = {"chef_id": chef.pk, "starts_at": starts_at.isoformat(), "repeat": {"times": 2}}
    return {}, wish | {"duration_hours": chef.durations[0]}


def visit_again(scene: Scene) -> Prepared:
    chef, starts_at = scene.free_weekly()
    wish = {"starts_at": starts_at.isoformat(), "duration_hours": chef.durations[0], "guests": 1}
    return {"pk": chef.pk}, wish | {"every_weeks": 1, "times": 2}


def series(scene: Scene) -> Prepared:
    return {"pk": scene.series().pk}, {}


def short_name(scene: Scene) -> Prepared:
    return {"named": f"called-{scene.chef.pk}"}, {}


def over(scene: Scene) -> Prepared:
    return {"pk": scene.over().pk}, {}


def completed(scene: Scene) -> Prepared:
    return {"pk": scene.completed().pk}, {"rating": 5, "text": "The pancakes were worth it."}


def reviewed(scene: Scene) -> Prepared:
    return {"pk": scene.reviewed().pk}, {}


def quotable(scene: Scene) -> Prepared:
    return {"pk": scene.reviewed().pk}, {"may_be_quoted": True}


def let_quote(scene: Scene) -> Prepared:
    return {"pk": scene.reviewed().pk}, {"may_be_quoted": "yes"}


def answer(scene: Scene) -> Prepared:
    return {"pk": scene.reviewed().pk}, {"text": "Thank you."}


def full_day(scene: Scene) -> Prepared:
    chef, day = scene.full_day()
    wish = {"date": day.isoformat(), "duration_hours": chef.durations[0], "guests": 1}
    return {"pk": chef.pk}, {"chef_id": chef.pk, **wish}


def waiting(scene: Scene) -> Prepared:
    return {"pk": scene.waiting().pk}, {}


def edited_booking(scene: Scene) -> Prepared:
    return {"pk": scene.pending().pk}, {"guests": 2, "special_requests": "No peanuts."}


def new_time(scene: Scene) -> Prepared:
    pending, starts_at = scene.to_be_moved()
    return {"pk": pending.pk}, {"starts_at": starts_at.isoformat()}


def new_time_form(scene: Scene) -> Prepared:
    return new_time(scene)


def story(scene: Scene) -> Prepared:
    return {"request_id": scene.new_story().request_id}, {}


def kept_token(scene: Scene) -> Prepared:
    return {"pk": scene.token.pk}, {}


def new_token(scene: Scene) -> Prepared:
    return {"pk": scene.new_token().pk}, {}


def endpoint_details(scene: Scene) -> Prepared:
    return {}, {"url": "https://hooks.example/in", "types": ["booking.created"]}


def endpoint(scene: Scene) -> Prepared:
    return {"pk": scene.delivery.endpoint_id}, {}


def new_endpoint(scene: Scene) -> Prepared:
    return {"pk": scene.new_endpoint().pk}, {}


def edited_endpoint(scene: Scene) -> Prepared:
    return {"pk": scene.new_endpoint().pk}, {"types": ["booking.confirmed"]}


def delivery(scene: Scene) -> Prepared:
    return {"pk": scene.delivery.pk}, {}


def dropped_delivery(scene: Scene) -> Prepared:
    return {"pk": scene.dropped_delivery().pk}, {}


def token_form(scene: Scene) -> Prepared:
    return {}, {"name": "Calendar", "scopes": ["bookings:read"], "expires_in_days": 30}


def ended(scene: Scene) -> Prepared:
    return {"key": "of-a-link-that-ended", "uidb36": "1"}, {}


def known_code(scene: Scene) -> Prepared:
    return {"code": "slot_taken"}, {}


def sign_in(scene: Scene) -> Prepared:
    return {}, {"login": scene.visitor.email, "password": PASSWORD}


def sign_up(scene: Scene) -> Prepared:
    email = f"visitor{scene.serial()}@example.test"
    return {}, {"name": "Vi", "email": email, "password1": PASSWORD, "password2": PASSWORD}


def issue(scene: Scene) -> Prepared:
    return {}, {"email": scene.visitor.email, "password": PASSWORD}


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


def chef_details(scene: Scene) -> Prepared:
    return {}, _details(scene)


def edited_chef(scene: Scene) -> Prepared:
    return {"pk": scene.new_chef().pk}, _details(scene)


def edited_availability(scene: Scene) -> Prepared:
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


def edited_policy(scene: Scene) -> Prepared:
    tiers = [{"days": 10, "kept_percent": 0}, {"days": 4, "kept_percent": 30}]
    terms = {"upfront_percent": 30, "balance": "before", "balance_days": 3, "tiers": tiers}
    return {"pk": scene.new_chef().pk}, terms


def _wanted(scene: Scene, count: int = 1) -> list[dict[str, Any]]:
    chef = scene.chef
    visit = {"chef_id": chef.pk, "duration_hours": chef.durations[0], "guests": 2}
    starts = scene.free_starts(count)
    return [visit | {"starts_at": starts_at.isoformat()} for starts_at in starts]


def free_time(scene: Scene) -> Prepared:
    return {}, _wanted(scene)[0]


def free_times(scene: Scene) -> Prepared:
    return {}, {"bookings": _wanted(scene, IN_BATCH)}


def booking_form(scene: Scene) -> Prepared:
    return {"pk": scene.chef.pk}, _wanted(scene)[0]
