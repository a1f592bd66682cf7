"""What becomes of a series: its visits are accepted, declined or cancelled together.

All in one transaction, each as it would be by itself: those that are past that stay as they are.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking, Series
from bookings.services.cancelling import Cancellation, preview_cancellation
from bookings.services.deciding import cancel_booking, confirm_booking, decline_booking
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, Forbidden

type Decide = Callable[..., Booking]


def visits_of(series: Series) -> list[Booking]:
    """Return the visits of a series, in order. One query."""
    return list(Booking.objects.of_series(series).with_parties().with_series())


@transactional
def confirm_series(*, series: Series, by: User, now: datetime) -> list[Booking]:
    """Accept every visit that waits, as the chef's owner; returns those.

    Raises Conflict (`nothing_left`) if none waits any more.
    """
    return _decide(series, by, confirm_booking, now=now)


@transactional
def decline_series(*, series: Series, by: User, now: datetime) -> list[Booking]:
    """Decline every visit that waits, as the chef's owner; returns those."""
    return _decide(series, by, decline_booking, now=now)


@transactional
def cancel_series(
    *, series: Series, by: User, now: datetime, start: int = 1, refund: Money | None = None
) -> list[Booking]:
    """Cancel what has not begun of a series, from visit `start` on, as either side; returns those.

    Raises Conflict: `nothing_left`, or `refund_changed` if all of them together would give back
    another amount than `refund`.
    """
    _require_party(series, by)
    rows = cancellable(_locked(series), now=now, start=start)
    if not rows:
        raise _nothing_left()
    given_back = together(rows, by=by, now=now).refund
    if refund not in (None, given_back):
        message = _("Now %(refund)s would be given back. If that is fine, cancel it again.")
        raise Conflict("refund_changed", message % {"refund": given_back})
    return [cancel_booking(booking=booking, by=by, now=now) for booking in rows]


def cancellable(visits: Iterable[Booking], *, now: datetime, start: int = 1) -> list[Booking]:
    """Return those of a series' visits, from `start` on, that can be cancelled."""
    open_still = (row for row in visits if row.status in Booking.OCCUPYING and row.starts_at > now)
    return [booking for booking in open_still if booking.part.number >= start]


def waiting(visits: Iterable[Booking], *, now: datetime) -> list[Booking]:
    """Return those of a series' visits that wait for the chef."""
    pending = (row for row in visits if row.status == Booking.Status.PENDING)
    return [booking for booking in pending if booking.starts_at > now]


def together(bookings: Iterable[Booking], *, by: User, now: datetime) -> Cancellation:
    """Return what becomes of the money if this user cancels all of these now."""
    each = [preview_cancellation(booking=booking, by=by, now=now) for booking in bookings]
    first, *others = each
    for other in others:
        first = Cancellation(*(mine + theirs for mine, theirs in zip(first, other, strict=True)))
    return first


def _decide(series: Series, by: User, decide: Decide, *, now: datetime) -> list[Booking]:
    if series.chef.owner_id != by.pk:
        raise Forbidden("not_the_chef", _("Only the chef can decide about this booking."))
    rows = waiting(_locked(series), now=now)
    if not rows:
        raise _nothing_left()
    return [decide(booking=booking, by=by, now=now) for booking in rows]


def _locked(series: Series) -> list[Booking]:
    """The visits, nobody else's to change: locked in one order, so that two can't wait for each
    other.
    """
    rows = Booking.objects.filter(part__series=series).order_by("pk")
    list(rows.locked().values_list("pk"))
    return visits_of(series)


def _require_party(series: Series, by: User) -> None:
    if by.pk not in (series.customer_id, series.chef.owner_id):
        raise Forbidden("not_yours", _("Only the customer and the chef can cancel a booking."))


def _nothing_left() -> Conflict:
    return Conflict("nothing_left", _("None of these visits is open any more."))
