"""A user's calendar feed: made, made anew, revoked, and what stands in it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bookings.models import Booking, CalendarFeed, Chef
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional

# How long a calendar goes on showing what is over, or was called off.
KEPT = timedelta(days=90)
CALLED_OFF_KEPT = timedelta(days=30)
MOST = 1_000


def feed_of(user: User) -> CalendarFeed | None:
    """Return the user's feed, if there is one."""
    return CalendarFeed.objects.filter(user=user).first()


@transactional
def renew_feed(*, user: User, now: datetime) -> CalendarFeed:
    """Return a feed of the user's at a fresh address; the one before is no address any more."""
    feed = CalendarFeed.new(user=user, created_at=now)
    values = {"digest": feed.digest, "sealed_secret": feed.sealed_secret, "created_at": now}
    return CalendarFeed.objects.update_or_create(user=user, defaults=values)[0]


def revoke_feed(*, user: User) -> None:
    """Let the address of the user's feed lead nowhere."""
    CalendarFeed.objects.filter(user=user).delete()


def feed_at(secret: str) -> CalendarFeed | None:
    """Return the feed at an address with its user, who must be active."""
    rows = CalendarFeed.objects.select_related("user").filter(user__is_active=True)
    return rows.filter(digest=CalendarFeed.digest_of(secret)).first()


def bookings_in(feed: CalendarFeed, *, now: datetime) -> list[Booking]:
    """Return what stands in a feed: all that its user booked, and that their chefs were asked for.

    Nobody reads more than so many; then those that come last are left out.
    """
    chefs = Chef.objects.owned_by(feed.user).values_list("pk", flat=True)
    bookings = Booking.objects.of_customer_or_chefs(feed.user_id, *chefs).with_parties()
    shown = bookings.in_calendars(ends_after=now - KEPT, off_since=now - CALLED_OFF_KEPT)
    return list(shown.soonest_first()[:MOST])


def reseal_feeds(reseal: Callable[[str], str]) -> int:
    """Seal every feed's secret anew; return how many there are.

    One changed meanwhile is left as it is: it was sealed with the newest key.
    """
    count = 0
    for feed in CalendarFeed.objects.all():
        row = CalendarFeed.objects.filter(pk=feed.pk, sealed_secret=feed.sealed_secret)
        count += row.update(sealed_secret=reseal(feed.sealed_secret))
    return count
