"""What must always be true of bookings. Each function counts the rows where it is not."""

from collections import Counter

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from bookings.models import Booking, Chef, Occupancy
from bookings.models.chef import STARS
from bookings.querysets.searching import TABLE, words_of
from bookings.slots import ticks
from softfactory.kernel import clock
from softfactory.payments.models import LedgerEntry, Payment


def count_overlaps() -> int:
    """Bookings of one chef that take the same time, buffers included.

    Compares the bookings' own ranges, not their occupancy. A lapsed hold takes no time.
    """
    violations, chef, until = 0, None, None
    ranges = [
        (booking.chef_id, booking.occupied_from, booking.occupied_until)
        for booking in Booking.objects.standing(now=clock.now()).only_range().iterator()
    ]
    for chef_id, begins, ends in sorted(ranges):
        if chef_id == chef and begins < until:
            violations += 1
            until = max(until, ends)
        else:
            chef, until = chef_id, ends
    return violations


def count_wrong_occupancy() -> int:
    """Bookings that own other quarter hours than theirs, past ones aside."""
    now = clock.now()
    first = ticks(now, now).start
    left = {
        booking.pk: range(max(first, booking.ticks.start), booking.ticks.stop)
        for booking in Booking.objects.standing(now=now).only_range().iterator()
        if booking.ticks.stop > first
    }
    rows = Occupancy.objects.of_bookings().filter(tick__gte=first).standing(now=now)
    owned: Counter[int] = Counter()
    strays = set()
    for pk, tick in rows.values_list("booking_id", "tick").iterator():
        owned[pk] += 1
        if tick not in left.get(pk, ()):
            strays.add(pk)
    return len(strays | {pk for pk, own in left.items() if len(own) != owned[pk]})


def count_wrong_ratings() -> int:
    """Chefs whose rating columns are not what their published reviews add up to."""
    published = Q(reviews__published_at__isnull=False)
    stars = {f"gave_{n}": Count("reviews", filter=published & Q(reviews__rating=n)) for n in STARS}
    right = {f"stars_{n}": F(f"gave_{n}") for n in STARS}
    return (
        Chef.objects.annotate(
            counted=Count("reviews", filter=published),
            summed=Coalesce(Sum("reviews__rating", filter=published), 0),
            **stars,
        )
        .exclude(review_count=F("counted"), rating_sum=F("summed"), **right)
        .count()
    )


def count_wrong_diets() -> int:
    """Chefs of whom is kept that their menus suit something else than they do."""
    wrong = 0
    for chef in Chef.objects.prefetch_related("menus").only("diets", "currency").iterator(500):
        offered = (
            menu for menu in chef.menus.all() if menu.is_active and menu.currency == chef.currency
        )
        wrong += set(chef.diets) != {tag for menu in offered for tag in menu.dietary}
    return wrong


def count_wrong_payments() -> int:
    """Bookings that are over, whose payments have come to rest, and whose own account is not empty:
    what was taken is the chef's by then, or was given back.
    """
    moving = set(Payment.objects.subjects_under_way(Booking.SUBJECT))
    ended = Booking.objects.paid_here().ended().only("pk", "currency").iterator()
    balance = LedgerEntry.objects.balance
    return sum(
        bool(booking.pk not in moving and balance(booking.account, booking.currency))
        for booking in ended
    )


def is_occupancy_unique() -> bool:
    """Tell whether the database still has the key that forbids double booking."""
    table = Occupancy._meta.db_table
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    return any(
        constraint["primary_key"] and sorted(constraint["columns"]) == ["chef_id", "tick"]
        for constraint in constraints.values()
    )


def count_wrong_search() -> int:
    """Chefs who are not found by their own words, as the database keeps them."""
    key = "chef_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM bookings_chef AS chef LEFT JOIN {TABLE} AS found"  # nosec B608
            f" ON found.{key} = chef.id"
            f" WHERE found.words IS NULL OR found.words <> {words_of('chef', connection.vendor)}"
        )
        return int(cursor.fetchone()[0])
