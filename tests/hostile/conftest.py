"""One row of everything, and the addresses that lead to them."""

import pytest

from bookings.services.feeds import renew_feed
from sns.models import Campaign, Seat, Template
from sns.services.pictures import add_picture
from softfactory.accounts.models import ApiToken
from softfactory.kernel import clock
from softfactory.kernel.pictures import PUBLIC
from softfactory.kernel.pictures.fitting import accept
from subscriptions.models import Plan
from tests.bookings.answers import ANY_VERSION
from tests.kernel.pictures.drawing import drawn
from tests.makers import (
    HAPPENED,
    make_booking,
    make_connected_calendar,
    make_delivery,
    make_menu,
    make_payment,
    make_product,
    make_review,
    make_series,
    make_subscription,
    make_token,
    make_wait,
    noon_utc,
)
from tests.monitoring.makers import make_story
from tests.sns.makers import make_account, make_post, make_publication

MONEY = {"amount": 1, "currency": "KRW"}
CHEF = {"name": "Nari", "cuisine": "Korean", "location": "Seoul", "hourly_rate": MONEY}
MENU = {
    "title": "A winter table",
    "courses": ["Broth", "Galbi"],
    "price_per_guest": MONEY,
    "duration_hours": 2,
    "max_guests": 6,
}
AVAILABILITY = {
    "timezone": "Asia/Seoul",
    "rules": [],
    "exceptions": [],
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 0,
    "minimum_notice_minutes": 0,
    "horizon_days": 30,
    "durations": [2],
    "slot_step_minutes": 30,
}

POLICY = {"upfront_percent": 0, "balance": "after", "balance_days": 0, "tiers": []}


def social_rows(ana, dee):
    """What Ana has of social posts; Dee has a seat with her, in which she does not sit."""
    publication = make_publication(make_account(ana))
    queued = make_account(ana, slots=[{"weekday": 0, "at": "09:00"}])
    campaign = Campaign.objects.create(owner=ana, name="Spring").pk
    template = Template.objects.create(owner=ana, name="Hello", text="Hello").pk
    media = add_picture(owner=ana, content=drawn()).pk
    seat = Seat.objects.create(owner=ana, user=dee, role=Seat.Role.AUTHOR).pk
    return {
        "/api/sns/campaigns": campaign,
        "/api/sns/templates": template,
        "/api/sns/media": media,
        "/api/sns/seats": seat,
        "/api/sns/accounts": queued.pk,
        "/api/sns/posts": make_post(ana, accounts=[queued]).pk,
        "/social/posts": publication.post_id,
        "/social/publications": publication.pk,
        "/social/media": media,
        "/social/accounts": publication.account_id,
        "/social/campaigns": campaign,
        "/social/templates": template,
        "/social/team": seat,
        "network": "webhook",
    }


CONNECTION = {"url": "https://localhost/", "username": "ben", "password": "an-app-password"}


@pytest.fixture
def rows(ana, ben, dee, chef):
    """What fills the names of addresses: Ben's chef, whom Ana booked; Ana's token; a product."""
    make_token(ana)
    payment = make_payment(ana)
    make_review(chef, author_name="Rey")
    subscription = make_subscription(ana)
    delivery = make_delivery(ana)
    waiting = make_wait(chef, ana)
    menu = make_menu(chef)
    connected = make_connected_calendar(chef, "https://localhost/work/").pk
    return {
        **social_rows(ana, dee),
        "request_id": make_story().request_id,
        "/account/webhooks": delivery.endpoint_id,
        "/account/webhook-deliveries": delivery.pk,
        "/account/tokens": ApiToken.objects.get(user=ana).pk,
        "/api/auth/tokens": ApiToken.objects.get(user=ana).pk,
        "/api/coocook/bookings": make_booking(chef, ana).pk,
        "/api/coocook/chefs": chef.pk,
        "/api/platform/webhook-endpoints": delivery.endpoint_id,
        "/api/platform/webhook-deliveries": delivery.pk,
        "/api/platform/cards": payment.card_id,
        "/api/platform/invoices": subscription.invoices.get().pk,
        "/api/platform/subscriptions": subscription.pk,
        "/subscriptions": subscription.pk,
        "/invoices": subscription.invoices.get().pk,
        "plan": subscription.product.plans.by_rank().last().pk,
        "/payments/cards": payment.card_id,
        "/payments/sandbox": payment.reference.removeprefix("sandbox_"),
        "/coocook/bookings": chef.bookings.get(status="pending").pk,
        "/coocook/series": make_series(chef, ana).pk,
        "/coocook/calendars": connected,
        "/coocook/chefs": chef.pk,
        "/api/coocook/waitlist": waiting.pk,
        "/api/coocook/menus": menu.pk,
        "/api/coocook/connected-calendars": connected,
        "menu": menu.pk,
        "/coocook/waitlist": waiting.pk,
        "slug": make_product("coocook").slug,
        "code": "slot_taken",
        "secret": renew_feed(user=ana, now=clock.now()).secret,
        "named": f"called-{chef.pk}",
        "key": "nonsense",
        "name": PUBLIC.keep(accept(drawn())),
        "uidb36": "1",
    }


@pytest.fixture
def at(rows):
    """`at("/coocook/chefs/{pk}")` is the address of the row that there is."""

    def at(address):
        pk = next((rows[start] for start in rows if address.startswith(f"{start}/")), 0)
        return address.format_map({"pk": pk} | rows)

    return at


@pytest.fixture
def bodies(chef, rows):
    """Bodies that are as they should be, so that it is the caller alone who is refused."""
    small, large = Plan.objects.filter(product__slug="free").by_rank()
    booking = {"chef_id": chef.pk, "starts_at": noon_utc(9).isoformat()}
    return {
        "POST /api/coocook/chefs": CHEF,
        "PUT /api/coocook/chefs/{pk}": CHEF,
        "PATCH /api/coocook/chefs/{pk}": {"name": "Nari"},
        "PUT /api/coocook/chefs/{pk}/availability": AVAILABILITY,
        "PUT /api/coocook/chefs/{pk}/policy": POLICY,
        "POST /api/coocook/bookings": booking,
        "POST /api/coocook/recurring-bookings": booking | {"repeat": {"times": 2}},
        "PATCH /api/coocook/bookings/{pk}": {"guests": 3},
        "POST /api/coocook/bookings/{pk}/reschedule": {"starts_at": noon_utc(10).isoformat()},
        "POST /api/coocook/bookings/{pk}/messages": {"text": "Which kitchen will it be?"},
        "POST /api/coocook/bookings/{pk}/review": {"rating": 1},
        "POST /api/coocook/bookings/{pk}/review-quoting": {"may_be_quoted": True},
        "POST /api/coocook/bookings/{pk}/review-answer": {"text": "Thank you."},
        "POST /api/coocook/chefs/{pk}/menus": MENU,
        "POST /api/coocook/chefs/{pk}/connected-calendars": CONNECTION,
        "PATCH /api/coocook/menus/{pk}": {"title": "Another"},
        "POST /api/coocook/waitlist": {"chef_id": chef.pk, "date": f"{noon_utc(9):%Y-%m-%d}"},
        "POST /api/platform/batch-create-bookings": {"bookings": [booking]},
        "POST /api/platform/webhook-endpoints": {"url": "https://h.example/", "types": [HAPPENED]},
        "PATCH /api/platform/webhook-endpoints/{pk}": {"types": [HAPPENED]},
        "POST /api/sns/accounts": {"network": "webhook", "server": "https://h.example/"},
        "PATCH /api/sns/accounts/{pk}": {"timezone": "UTC"},
        "POST /api/sns/posts/validate": {"text": "Hi", "account_ids": [rows["/api/sns/accounts"]]},
        "POST /api/sns/campaigns": {"name": "Summer"},
        "PATCH /api/sns/campaigns/{pk}": {"name": "Summer"},
        "POST /api/sns/templates": {"name": "Bye", "text": "Bye"},
        "PATCH /api/sns/templates/{pk}": {"name": "Bye"},
        "PATCH /api/sns/media/{pk}": {"alt": "Kimchi"},
        "POST /api/sns/seats": {"email": "ben@example.test", "role": "author"},
        "POST /api/sns/posts": {"text": "Kimchi!"},
        "PATCH /api/sns/posts/{pk}": {"text": "Kimchi!"},
        "POST /api/sns/posts/{pk}/schedule": {"scheduled_at": noon_utc(9).isoformat()},
        "POST /api/sns/posts/{pk}/comments": {"text": "Which kimchi?"},
        "POST /api/platform/cards": {"token": "card_ok"},
        "POST /api/platform/subscriptions": {"plan_id": small.pk},
        "POST /api/platform/subscriptions/{pk}/preview": {"plan_id": large.pk},
        "POST /api/platform/subscriptions/{pk}/change": {"plan_id": large.pk},
        "POST /api/platform/products": {"slug": "another", "name": "Another"},
        "PATCH /api/platform/products/{slug}": {"name": "Renamed"},
    }


@pytest.fixture
def send(api, at, bodies):
    """`send("GET /api/auth/me", client)` calls the operation on the rows that there are."""

    def send(operation, client):
        method, address = operation.split()
        body = bodies.get(operation, {}) if method != "GET" else None
        call = getattr(client, method.lower())
        return call(at(address), body, headers=ANY_VERSION)

    return send
