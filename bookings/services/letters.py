"""Letters: who is told of what by e-mail, written with what happens, in one transaction.

The clock sends them, some seconds later: what writes a booking writes one row more, and waits for
no mail server.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bookings.models import Booking, Letter, Message
from softfactory.kernel.db.inserting import insert_by_the_end
from softfactory.kernel.db.retry import transactional

Kind = Letter.Kind

BOTH = frozenset({"customer", "owner"})
#: Which of the two sides hears of what.
READERS = {
    Kind.CREATED: BOTH,
    Kind.CONFIRMED: frozenset({"customer"}),
    Kind.DECLINED: frozenset({"customer"}),
    Kind.CANCELLED: BOTH,
    Kind.EXPIRED: BOTH,
    Kind.COMPLETED: frozenset({"customer"}),
    Kind.NO_SHOW: frozenset({"customer"}),
    Kind.REMINDER: BOTH,
}

AHEAD = timedelta(hours=24)
# Who has just booked remembers it.
FRESH = timedelta(hours=36)
AT_ONCE = 200
KEPT = timedelta(days=30)


def write_letters(what: str, bookings: Iterable[Booking], *, now: datetime) -> None:
    """Let the sides of these bookings be told of this, if it is something that they are told of."""
    if what not in READERS:
        return
    new = {"kind": what, "message_id": None, "created_at": now, "due_at": now}
    insert_by_the_end(
        Letter,
        [
            {"booking_id": booking.pk, "reader_id": reader, **new, "tries": 0, "sent_at": None}
            for booking in bookings
            for reader in _readers(booking, READERS[Kind(what)])
        ],
    )


def write_of_message(message: Message, *, now: datetime) -> None:
    """Let the other side be told of a message."""
    booking = message.booking
    Letter.objects.bulk_create(
        Letter(
            booking=booking,
            reader_id=reader,
            kind=Kind.MESSAGE,
            message=message,
            created_at=now,
            due_at=now,
        )
        for reader in _readers(booking, BOTH)
        if reader != message.author_id
    )


def _readers(booking: Booking, sides: frozenset[str]) -> list[int]:
    """Whoever is both sides is told once."""
    ids = {"customer": booking.customer_id, "owner": booking.chef.owner_id}
    return sorted({ids[side] for side in sides})


def remind(now: datetime) -> int:
    """Write to both sides of confirmed visits within a day; return of how many visits.

    Each visit is reminded of once, however many clocks there are; one that was moved, once more.
    """
    due = Booking.objects.to_be_reminded_of(now=now, ahead=AHEAD, fresh=FRESH)
    return sum(_remind(booking, now=now) for booking in list(due.with_chef()[:AT_ONCE]))


@transactional
def _remind(booking: Booking, *, now: datetime) -> int:
    same = Booking.objects.filter(
        pk=booking.pk, status=booking.status, starts_at=booking.starts_at, reminded_at=None
    )
    is_mine = same.update_derived(reminded_at=now)
    if is_mine:
        write_letters(Kind.REMINDER, [booking], now=now)
    return is_mine


def forget_letters(now: datetime) -> int:
    """Forget letters of a month ago; return how many."""
    old = Letter.objects.forgettable(written_before=now - KEPT)
    pks = list(old.values_list("pk", flat=True)[:AT_ONCE])
    return Letter.objects.filter(pk__in=pks).delete()[0] if pks else 0
