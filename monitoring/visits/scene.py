"""The rows that visits lead to: the busiest chef and customer of a seeded site, its staff.

What a visit uses up, such as a booking to cancel, is made before it and removed after it, so that
the next one finds the site as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count

from bookings.models import (
    Booking,
    BusyCalendar,
    CalendarFeed,
    Chef,
    ConnectedCalendar,
    Menu,
    Policy,
    Series,
    WaitlistEntry,
)
from bookings.services.busy import subscribe as subscribe_to
from bookings.services.calendar import free_slots, local_today, schedule_of
from bookings.services.chefs import create_chef, replace_availability, replace_policy
from bookings.services.connecting import keep_calendar
from bookings.services.deciding import complete_booking, confirm_booking
from bookings.services.feeds import renew_feed
from bookings.services.menus import create_menu
from bookings.services.repeating import Repeat, repeat_booking
from bookings.services.requesting import BookingRequest, request_booking
from bookings.services.reviews import write_review
from bookings.services.waitlist import Wish, join_waitlist
from monitoring.models import RequestStory
from monitoring.visits import posts
from softfactory.accounts.models import (
    ApiToken,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from softfactory.accounts.services.emitting import send_ping
from softfactory.accounts.services.endpoints import create_endpoint
from softfactory.accounts.services.tokens import issue_token
from softfactory.kernel import clock
from softfactory.kernel.db.keys import forget_keys
from softfactory.kernel.money import Money
from softfactory.kernel.zones import zone
from softfactory.payments.models import Card
from softfactory.payments.services.cards import add_card
from subscriptions.models import Coupon, Plan, Product, Redemption, Subscription
from subscriptions.services import stopping
from subscriptions.services.products import create_product
from subscriptions.services.subscribing import subscribe

#: What a visit may add rows of; a booking goes before its chef, a chef before its owner.
MADE = (
    *posts.MADE,
    Booking,
    CalendarFeed,
    Chef,
    Policy,
    Redemption,
    Subscription,
    Coupon,
    Product,
    ApiToken,
    WebhookEndpoint,
    WebhookEvent,
    Card,
    User,
    RequestStory,
)

PAGE_SIZE = 12  # chefs on one page of Explore
MONTH = timedelta(days=30)
PASSWORD = "visited-by-nobody-7"  # nosec B105


class Scene:
    """Who asks (a `customer`, an `owner`, `staff`, somebody who is `leaving`), and for what."""

    def __init__(self) -> None:
        self.chef = Chef.objects.active().with_availability().order_by("-review_count", "pk")[0]
        self.shown = list(Chef.objects.active().values_list("pk", flat=True)[:PAGE_SIZE])
        self.owner = User.objects.get(pk=self.chef.owner_id)
        asked_most = Booking.objects.values_list("customer").annotate(count=Count("pk"))
        self.customer = User.objects.get(pk=asked_most.order_by("-count", "customer")[0][0])
        self.staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")[0]
        self.product = Product.objects.order_by("pk")[0]
        self.booking = Booking.objects.of_customer(self.customer).order_by("-pk")[0]
        self.token = issue_token(user=self.customer, name="Kept", now=clock.now()).row
        self.delivery = self.dropped_delivery()
        self.leaving = self.visitor = self._new_visitor()
        self.social = posts.SocialScene(self.customer)
        self._serial = 0

    def serial(self) -> int:
        """Return a number that was not given before, for names that must differ."""
        self._serial += 1
        return self._serial

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Remove afterwards what was made within: all with keys beyond the last one."""
        forget_keys(Booking)  # those known already may not be
        last = {model: model.objects.order_by("pk").values_list("pk").last() for model in MADE}
        yield
        for model, found in last.items():
            model.objects.filter(pk__gt=found[0] if found else 0).delete()

    def free_starts(self, count: int) -> list[datetime]:
        """Return free starts of the busiest chef, each on a day of its own."""
        return self._free_starts(self.chef, clock.now())[:count]

    def new_chef(self) -> Chef:
        """Return another chef of the owner, who works as the busiest one does."""
        rates = ("session_rate", "hourly_rate", "price_per_guest")
        details = {name: getattr(self.chef, name) for name in (*rates, "cuisine", "location")}
        chef = create_chef(owner=self.owner, details={"name": "Nari", **details})
        replace_availability(chef=chef, versions=None, schedule=schedule_of(self.chef))
        return Chef.objects.with_availability().get(pk=chef.pk)

    def pending(self) -> Booking:
        """Return a booking of the customer that waits for the owner."""
        return self._booked(self.new_chef(), clock.now())

    def to_be_moved(self) -> tuple[Booking, datetime]:
        """Return a booking of the customer that waits for the owner, and another free start."""
        chef, now = self.new_chef(), clock.now()
        # Without a date, a form takes the start's own, which is the chef's.
        return self._booked(chef, now), self._free_starts(chef, now)[-1]

    def new_menu(self) -> Menu:
        """Return a menu of another chef of the owner."""
        details = {
            "title": "A winter table",
            "courses": ["Broth", "Galbi", "Persimmon"],
            "price_per_guest": Money(80_000, self.chef.currency),
            "duration_hours": self.chef.durations[0],
            "min_guests": 2,
            "max_guests": 6,
        }
        return create_menu(chef=self.new_chef(), details=details)

    def full_day(self) -> tuple[Chef, date]:
        """Return a chef who takes one booking a day, and a day that has it."""
        chef, now = self.new_chef(), clock.now()
        Chef.objects.filter(pk=chef.pk).update(bookings_per_day=1)
        booking = self._booked(chef, now)
        return chef, booking.starts_at.astimezone(zone(chef.timezone)).date()

    def waiting(self) -> WaitlistEntry:
        """Return a place of the customer's in a line."""
        chef, day = self.full_day()
        wish = Wish(chef_id=chef.pk, date=day, duration_hours=chef.durations[0])
        return join_waitlist(customer=self.customer, wish=wish, now=clock.now())

    def hold_to_pay(self) -> Booking:
        """Return a hold of the customer's that is to be paid for."""
        terms = {"upfront_percent": 30, "balance": "after", "balance_days": 0, "tiers": [[1, 0]]}
        chef = self.new_chef()
        replace_policy(chef=chef, versions=None, terms=terms)
        return self._booked(chef, clock.now(), hold=True)

    def feed(self) -> CalendarFeed:
        """Return the calendar feed of the customer, at a fresh address."""
        return renew_feed(user=self.customer, now=clock.now())

    def calendar(self) -> BusyCalendar:
        """Return a calendar elsewhere of a chef of the owner's."""
        address = "https://calendar.example/a.ics"
        return subscribe_to(chef=self.new_chef(), name="Home", url=address, now=clock.now())

    def connected_calendar(self) -> ConnectedCalendar:
        """Return one that a chef of the owner's connected, at an address that nobody calls."""
        return keep_calendar(
            chef=self.new_chef(),
            name="Work",
            url="https://localhost/work/",
            opens={"username": "ben", "password": "an-app-password"},
            now=clock.now(),
        )

    def free_chef(self) -> tuple[Chef, datetime]:
        """Return a chef whom nobody has booked yet, and the first free start."""
        chef = self.new_chef()
        return chef, self._free_starts(chef, clock.now())[0]

    def free_weekly(self) -> tuple[Chef, datetime]:
        """Return a chef whom nobody has booked yet, and a start that is free a week later too."""
        chef = self.new_chef()
        starts = self._free_starts(chef, clock.now())
        return chef, next(start for start in starts if start + timedelta(weeks=1) in starts)

    def series(self) -> Series:
        """Return two visits, a week apart, that the customer asked the owner for."""
        chef, starts_at = self.free_weekly()
        hours = chef.durations[0]
        wish = BookingRequest(chef_id=chef.pk, starts_at=starts_at, duration_hours=hours)
        return repeat_booking(
            customer=self.customer, request=wish, repeat=Repeat(2), now=clock.now()
        )[0].part.series

    def over(self) -> Booking:
        """Return a confirmed booking of the customer whose time has passed."""
        then = clock.now() - 2 * MONTH
        booking = self._booked(self.new_chef(), then)
        return confirm_booking(booking=booking, by=self.owner, now=then)

    def completed(self) -> Booking:
        """Return a booking of the customer that took place and has no review."""
        return complete_booking(booking=self.over(), by=self.owner, now=clock.now())

    def reviewed(self) -> Booking:
        """Return one of which both sides have written."""
        booking = self.completed()
        for author in (self.owner, self.customer):
            write_review(booking=booking, author=author, rating=5, text="Fine.", now=clock.now())
        return booking

    def new_product(self) -> Product:
        """Return a product that nobody needs."""
        price = Money(9_900, "KRW")
        plans = [
            {"name": name, "interval": "month", "price": price, "trial_days": 14, "rank": rank}
            for rank, name in enumerate(("Small", "Large"))
        ]
        return create_product(slug=f"visited-{self.serial()}", name="Visited", plans=plans)

    def new_plan(self) -> Plan:
        """Return a plan that begins with a trial, which costs nothing."""
        return self.new_product().plans.by_rank()[0]

    def new_subscription(self) -> Subscription:
        """Return one of the customer's, on trial."""
        return subscribe(user=self.customer, plan_id=self.new_plan().pk, now=clock.now())

    def paused_subscription(self) -> Subscription:
        """Return one of the customer's that can be resumed."""
        return stopping.pause(subscription=self.new_subscription(), now=clock.now())

    def new_coupon(self) -> Coupon:
        """Return a coupon that nobody has used."""
        return Coupon.objects.create(code=f"VISITED{self.serial()}", percent=20)

    def new_token(self) -> ApiToken:
        """Return one more token of the customer."""
        return issue_token(user=self.customer, name="Visited", now=clock.now()).row

    def new_endpoint(self) -> WebhookEndpoint:
        """Return one more server of the customer's, which hears of nothing that visits do."""
        url, types = "https://hooks.example/in", ["refund.succeeded"]
        now = clock.now()
        return create_endpoint(user=self.customer, url=url, types=types, now=now).endpoint

    def dropped_delivery(self) -> WebhookDelivery:
        """Return a delivery to such a server that can be sent again."""
        delivery = send_ping(endpoint=self.new_endpoint(), now=clock.now())
        dropped = {"state": WebhookDelivery.State.DROPPED, "due_at": None}
        WebhookDelivery.objects.filter(pk=delivery.pk).update(**dropped)
        return delivery

    def new_card(self) -> Card:
        """Return one more card of the customer."""
        return add_card(user=self.customer, token="card_ok", now=clock.now())  # nosec B106

    def new_story(self) -> RequestStory:
        """Return what a slow request did."""
        return RequestStory.objects.create(
            request_id=f"visited-{self.serial()}",
            at=clock.now(),
            method="POST",
            route="/api/coocook/bookings",
            status=201,
            duration_ms=612.5,
            db_ms=580.0,
            why=RequestStory.Why.SLOW,
            query_count=6,
            queries=[{"sql": "SELECT %s", "times": 6, "ms": 580.0, "place": "bookings/api.py:4"}],
        )

    def _new_visitor(self) -> User:
        """Somebody whose PASSWORD is known, and whose address is confirmed."""
        email = f"visitor-{clock.now().timestamp()}@example.test"
        user = User.objects.create_user(email, PASSWORD, name="Vi")
        user.emailaddress_set.create(email=email, verified=True, primary=True)
        return user

    def _booked(self, chef: Chef, now: datetime, *, hold: bool = False) -> Booking:
        request = BookingRequest(
            chef_id=chef.pk,
            starts_at=self._free_starts(chef, now)[0],
            duration_hours=chef.durations[0],
            hold=hold,
        )
        return request_booking(customer=self.customer, request=request, now=now)

    def _free_starts(self, chef: Chef, now: datetime) -> list[datetime]:
        first = local_today(chef, now=now)
        hours = chef.durations[0]
        slots = free_slots(chef=chef, first=first, last=first + MONTH, hours=hours, now=now)
        days = groupby(slots, key=lambda slot: slot.local.date())
        return [next(slots_of_day).starts_at for _day, slots_of_day in days]
