"""Last-minute openings: a post about a chef's free time is for as long as that is free.

Nobody tells of a booking: who is about to publish asks, and so does whoever watches what is there.
"""

from datetime import datetime, timedelta

from bookings.models import Chef
from bookings.services.calendar import free_slots
from sns.models import Post
from softfactory.kernel.zones import zone

WATCHED_EVERY = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def is_still_open(post: Post, *, now: datetime) -> bool:
    """Tell whether the time that a post tells of can still be booked. Three queries."""
    if not (post.chef_id and post.slot_starts_at and post.slot_ends_at):
        return False
    chef = Chef.objects.active().filter(pk=post.chef_id).with_availability().first()
    if chef is None:
        return False
    hours = max(1, (post.slot_ends_at - post.slot_starts_at) // HOUR)
    day = post.slot_starts_at.astimezone(zone(chef.timezone)).date()
    free = free_slots(chef=chef, first=day, last=day, hours=hours, now=now)
    return any(slot.starts_at == post.slot_starts_at for slot in free)


def first_watch(post: Post, *, now: datetime) -> datetime | None:
    """Return when to look whether a published post is to be deleted; None: never."""
    wants = post.chef_id and post.on_taken == Post.OnTaken.DELETE
    is_ahead = post.slot_starts_at is not None and post.slot_starts_at > now
    return now + WATCHED_EVERY if wants and is_ahead else None
