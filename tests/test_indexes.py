"""Every index serves the query that its comment names: the planner says so, on both databases."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from bookings.models import (
    Booking,
    BusyCalendar,
    CalendarEntry,
    Chef,
    GuestReview,
    Letter,
    Menu,
    Message,
    Occupancy,
    Review,
    WaitlistEntry,
)
from bookings.slots import ticks
from monitoring.models import Alert, AlertDelivery, RequestStory, Sample
from sns.models import (
    Campaign,
    Comment,
    Media,
    Post,
    PostMedia,
    Publication,
    Seat,
    SocialAccount,
    Template,
    Variant,
)
from sns.models.post import fingerprint_of
from softfactory.accounts.models import (
    ApiToken,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from softfactory.demo.seed import seed
from softfactory.kernel import clock
from softfactory.kernel.models import IdempotencyKey
from softfactory.payments.models import (
    Card,
    GatewayEvent,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Refund,
)
from softfactory.payments.services import ledger
from subscriptions.models import (
    DayOfChanges,
    Invoice,
    Plan,
    PlanFeature,
    Product,
    Subscription,
    UsagePeriod,
    UsageRecord,
)
from tests.sns.makers import make_account, make_post

NOW = clock.now()
OURS = ("accounts", "bookings", "kernel", "monitoring", "payments", "sns", "subscriptions")
TICKS = ticks(NOW, NOW + timedelta(hours=2))

QUERIES = {
    "accounts_user_email_active": lambda: User.objects.filter(email="a@b.test", is_active=True),
    "accounts_user_created": lambda: User.objects.order_by("-created_at")[:100],
    "accounts_apitoken_user": lambda: ApiToken.objects.filter(user=1).order_by("-created_at")[:20],
    "accounts_apitoken_expires": lambda: ApiToken.objects.filter(expires_at__lt=NOW),
    "accounts_webhookendpoint_owner": lambda: (
        WebhookEndpoint.objects.standing().filter(owner=1).newest_first()[:20]
    ),
    "accounts_webhookevent_created": lambda: WebhookEvent.objects.filter(created_at__lt=NOW),
    "accounts_webhookdelivery_due": lambda: WebhookDelivery.objects.due(now=NOW)[:16],
    "accounts_webhookdelivery_log": lambda: WebhookDelivery.objects.filter(
        endpoint=1
    ).newest_first()[:20],
    "bookings_booking_remind": lambda: Booking.objects.to_be_reminded_of(
        now=NOW, ahead=timedelta(hours=1), fresh=timedelta(hours=36)
    ),
    "bookings_booking_over": lambda: Booking.objects.over_since(NOW - timedelta(days=900))[:200],
    "bookings_message_booking": lambda: Message.objects.filter(booking=1).newest_first()[:50],
    "bookings_busycalendar_due": lambda: BusyCalendar.objects.filter(
        due_at__lte=NOW - timedelta(days=900)
    ).order_by("due_at")[:4],
    "bookings_calendarentry_due": lambda: CalendarEntry.objects.due(now=NOW)[:100],
    "bookings_letter_due": lambda: Letter.objects.due(now=NOW)[:100],
    "bookings_letter_created": lambda: Letter.objects.forgettable(written_before=NOW),
    "bookings_chef_newest": lambda: Chef.objects.active().order_by("-created_at", "-id")[:20],
    "bookings_chef_best_rated": lambda: Chef.objects.active().order_by("-rating_hundredths", "-id")[
        :20
    ],
    "bookings_chef_cheapest": lambda: Chef.objects.active().order_by("hourly_rate_amount", "id")[
        :20
    ],
    "bookings_chef_by_name": lambda: Chef.objects.active().order_by("name", "id")[:20],
    "bookings_chef_cuisine": lambda: Chef.objects.active().of_cuisine("korean").newest_first()[:20],
    "bookings_chef_cuisine_best": lambda: (
        Chef.objects.active().of_cuisine("korean").best_first()[:12]
    ),
    "bookings_chef_cuisines": lambda: Chef.objects.active().with_choices()[:1],
    "bookings_chef_diets": lambda: Chef.objects.active().with_counts(
        **dict.fromkeys(("cuisines", "ratings", "diets"), Chef.objects.active()), suiting=()
    )[:1],
    "bookings_chef_places": lambda: Chef.objects.active().with_choices()[:1],
    "bookings_booking_customer": lambda: Booking.objects.filter(customer=1).newest_first()[:20],
    "bookings_booking_cust_status": lambda: Booking.objects.filter(customer=1, status="pending"),
    "bookings_booking_chef_start": lambda: Booking.objects.filter(
        chef=1, starts_at__gte=NOW, status="pending"
    ).order_by("starts_at"),
    "bookings_booking_held": lambda: Booking.objects.lapsed(now=NOW),
    "bookings_booking_balance": lambda: Booking.objects.with_balance_due(now=NOW),
    "bookings_booking_status": lambda: Booking.objects.filter(status="pending").order_by(
        "-created_at"
    )[:100],
    "bookings_occupancy_tick": lambda: Occupancy.objects.filter(tick__lt=TICKS.start),
    "bookings_review_chef": lambda: Review.objects.published().filter(chef=1).newest_first()[:10],
    "bookings_review_due": lambda: Review.objects.due(now=NOW),
    "bookings_guestreview_due": lambda: GuestReview.objects.due(now=NOW),
    "bookings_menu_chef": lambda: Menu.objects.of_chef(1).oldest_first(),
    "bookings_waitlist_own": lambda: WaitlistEntry.objects.filter(customer=1).newest_first()[:20],
    "bookings_waitlist_line": lambda: (
        WaitlistEntry.objects.waiting().filter(chef=1).order_by("date", "created_at")
    ),
    "kernel_idempotency_created": lambda: IdempotencyKey.objects.filter(created_at__lt=NOW),
    "monitoring_alert_history": lambda: Alert.objects.resolved().newest_first()[:20],
    "monitoring_alertdelivery_due": lambda: AlertDelivery.objects.due(now=NOW)[:16],
    "monitoring_story_age": lambda: RequestStory.objects.older_than(NOW)[:1000],
    "monitoring_story_of_id": lambda: RequestStory.objects.of("1")[:20],
    "monitoring_sample_recent": lambda: Sample.objects.fine().since(NOW),
    "payments_card_user": lambda: Card.objects.of(1)[:1],
    "payments_payment_user": lambda: Payment.objects.filter(user=1).order_by("-created_at")[:20],
    "payments_payment_due": lambda: Payment.objects.due(now=NOW)[:200],
    "payments_payment_reference": lambda: Payment.objects.filter(reference="pi_1").exclude(
        reference=""
    ),
    "payments_refund_due": lambda: Refund.objects.due(now=NOW)[:200],
    "payments_ledger_newest": lambda: LedgerTransaction.objects.order_by("-created_at", "-id")[:20],
    "payments_ledger_payment": lambda: LedgerTransaction.objects.filter(payment=1, kind="charge"),
    "payments_ledger_refund": lambda: LedgerTransaction.objects.filter(refund=1),
    "payments_ledger_debit": lambda: LedgerEntry.objects.filter(debit="a", currency="KRW"),
    "payments_ledger_credit": lambda: LedgerEntry.objects.filter(credit="a", currency="KRW"),
    "payments_event_received": lambda: GatewayEvent.objects.order_by("-received_at")[:100],
    "subscriptions_sub_user": lambda: Subscription.objects.filter(user=1).order_by(
        "-created_at", "-id"
    )[:20],
    "subscriptions_sub_user_status": lambda: Subscription.objects.filter(
        user=1, status="cancelled"
    ),
    "subscriptions_sub_created": lambda: Subscription.objects.order_by("-created_at")[:100],
    "subscriptions_sub_over": lambda: Subscription.objects.over(now=NOW),
    "subscriptions_sub_product": lambda: Subscription.objects.filter(product=1),
    "subscriptions_sub_plan": lambda: Subscription.objects.filter(plan=1),
    "subscriptions_sub_pending": lambda: Subscription.objects.filter(pending_plan=1),
    "subscriptions_day_plan": lambda: DayOfChanges.objects.filter(plan=1),
    "subscriptions_invoice_user": lambda: Invoice.objects.filter(user=1).order_by(
        "-issued_at", "-id"
    )[:20],
    "subscriptions_invoice_open": lambda: Invoice.objects.filter(subscription=1).owed(),
    "subscriptions_invoice_corrects": lambda: Invoice.objects.filter(corrects=1),
    "subscriptions_invoice_retry": lambda: Invoice.objects.to_retry(now=NOW),
    "subscriptions_planfeature_of": lambda: PlanFeature.objects.filter(feature="sns.posts"),
    "subscriptions_usage_user": lambda: UsagePeriod.objects.filter(user=1),
    "subscriptions_use_period": lambda: UsageRecord.objects.filter(period=1),
    "subscriptions_product_sold": lambda: Product.objects.filter(is_active=True).in_order()[:20],
    "sns_socialaccount_owner": lambda: (
        SocialAccount.objects.connected().of_owners([1]).newest_first()[:20]
    ),
    "sns_socialaccount_facts": lambda: SocialAccount.objects.to_ask(now=NOW),
    "sns_media_owner": lambda: Media.objects.of_owners([1]).newest_first()[:20],
    "sns_postmedia_media": lambda: PostMedia.objects.filter(media=1),
    "sns_campaign_owner": lambda: Campaign.objects.of_owners([1]).newest_first()[:20],
    "sns_template_owner": lambda: Template.objects.of_owners([1]).newest_first()[:20],
    "sns_seat_user": lambda: Seat.objects.filter(user=1),
    "sns_comment_post": lambda: Comment.objects.filter(post=1).order_by("created_at", "id"),
    "sns_post_owner": lambda: Post.objects.of_owners([1]).newest_first()[:20],
    "sns_post_state": lambda: Post.objects.of_owners([1]).filter(state="draft").newest_first()[:20],
    "sns_post_calendar": lambda: Post.objects.of_owners([1]).between(NOW, NOW + timedelta(days=7)),
    "sns_post_campaign": lambda: Post.objects.filter(campaign=1).order_by("scheduled_at"),
    "sns_post_duplicate": lambda: (
        Post.objects.of_owners([1]).saying("x", since=NOW).order_by("created_at")
    ),
    "sns_post_repeats": lambda: Post.objects.to_repeat(now=NOW),
    "sns_post_review": lambda: Post.objects.filter(review=1),
    "sns_variant_account": lambda: Variant.objects.filter(account=1),
    "sns_publication_due": lambda: Publication.objects.due(now=NOW)[:16],
    "sns_publication_held": lambda: Publication.objects.held_too_long(now=NOW),
    "sns_publication_account": lambda: Publication.objects.on_account(1)[:20],
    "sns_publication_watched": lambda: Publication.objects.to_watch(now=NOW),
    "sns_publication_reactions": lambda: Publication.objects.to_count(now=NOW),
}


def plan_of(queryset):
    """The plan in the planner's words, with sequential scans and sorting made dear: a demo is
    small enough for a database to read it whole.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return queryset.explain()


@pytest.fixture
def content(db):
    """Tables that look like the real ones, and planners that know it."""
    seed(users=50, chefs=40, bookings=1500, seed=1, now=NOW)
    Product.objects.bulk_create(
        Product(slug=f"p-{number}", name=f"Product {number}", is_active=number % 4 == 0)
        for number in range(400)
    )
    _subscribe_everybody()
    _let_everybody_post()
    RequestStory.objects.bulk_create(
        RequestStory(
            request_id=str(number),
            at=NOW - timedelta(minutes=number),
            method="GET",
            route="/",
            status=200,
            duration_ms=1,
            db_ms=1,
            why=RequestStory.Why.SAMPLED,
            query_count=1,
        )
        for number in range(400)
    )
    accounts = [(f"customer:{number}", f"chef:{number}", 1) for number in range(400)]
    entries = [ledger.Entry(*account) for account in accounts]
    ledger.post(key="all", kind="sale", currency="KRW", entries=entries, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _subscribe_everybody():
    """Every user has a subscription and had three, each with an invoice and a day of changes."""
    products = Product.objects.order_by("-pk")[:4]
    plans = Plan.objects.bulk_create(
        Plan(product=product, name=name, interval="month", price_amount=1)
        for product in products
        for name in ("Small", "Large")
    )
    day = timedelta(days=1)
    rows = Subscription.objects.bulk_create(
        Subscription(
            user=user,
            product=plan.product,
            plan=plan,
            status="cancelled" if number % 4 else "active",
            ended_at=NOW if number % 4 else None,
            timezone="UTC",
            anchor_at=NOW,
            months=0,
            currency="KRW",
            price_amount=1,
            current_period_start=NOW - 9 * day,
            current_period_end=NOW + days * day,
        )
        for days, user in enumerate(User.objects.all(), -3)
        for number, plan in enumerate(plans[::2])
    )
    DayOfChanges.objects.bulk_create(
        DayOfChanges(
            subscription=row,
            on=NOW.date(),
            at=NOW,
            plan=plans[1],
            price_amount=1,
            anchor_at=NOW,
            months=0,
            period_start=NOW,
            period_end=NOW,
        )
        for row in rows
    )
    Invoice.objects.bulk_create(
        Invoice(
            subscription=row,
            user_id=row.user_id,
            kind="period",
            period_start=row.current_period_start,
            period_end=NOW,
            sequence=0,
            series="INV",
            number=number,
            currency="KRW",
            total_amount=1,
            tax_amount=0,
            tax_rate=0,
            status="open",
            issued_at=NOW,
        )
        for number, row in enumerate(rows, 1)
    )


def _let_everybody_post():
    """Everybody has an account, a post for each of them and more, and works for everybody else."""
    users = list(User.objects.all()[:30])
    accounts = [make_account(user) for user in users]
    for user in users:
        make_post(user, accounts=accounts)
    Post.objects.bulk_create(
        Post(owner=user, author=user, text=text, fingerprint=fingerprint_of(text))
        for user in users
        for text in map(str, range(30))
    )
    Seat.objects.bulk_create(
        Seat(owner=owner, user=user, role="author")
        for owner in users
        for user in users
        if owner != user
    )


@pytest.mark.usefixtures("content")
def test_the_planner_uses_every_index_for_its_query():
    plans = {name: plan_of(query()) for name, query in QUERIES.items()}
    assert {name: plan for name, plan in plans.items() if name not in plan} == {}


def test_every_index_of_ours_is_asked_about():
    ours = {
        index.name
        for app in (
            "accounts",
            "bookings",
            "kernel",
            "monitoring",
            "payments",
            "sns",
            "subscriptions",
        )
        for model in apps.get_app_config(app).get_models()
        for index in model._meta.indexes
    }
    assert ours == set(QUERIES)


@pytest.mark.usefixtures("content")
def test_slots_and_bookings_find_taken_time_by_the_key():
    plan = plan_of(Occupancy.objects.of_chefs([1]).within(TICKS))
    assert "bookings_occupancy" in plan
    assert "tick" in plan
    assert "SCAN" not in plan.upper().replace("INDEX SCAN", "").replace("INDEX ONLY SCAN", "")


@pytest.mark.usefixtures("content")
def test_who_is_open_on_a_day_is_found_without_everybodys_hours():
    week_ahead = NOW.date() + timedelta(days=7)
    plan = plan_of(Chef.objects.active().newest_first().open_on(week_ahead, now=NOW)[:20])
    assert "hashed" not in plan
    assert "SCAN U0" not in plan


@pytest.mark.usefixtures("content")
def test_no_page_of_chefs_sorts_or_counts_whole_rows():
    active = Chef.objects.active()
    korean = active.of_cuisine("korean")
    pages = (active.best_first(), active.newest_first(), korean.best_first(), korean.newest_first())
    for page in pages:
        plan = plan_of(page.with_total().with_choices()[:12])
        assert "TEMP B-TREE" not in plan.upper()
        assert "Sort" not in plan
