"""What becomes of a booking: confirmed, declined, cancelled, completed, edited.

Each transition is one conditional update, with the state it leaves in the WHERE. Zero rows mean
that somebody else was faster, and the person is told so.
"""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking, Occupancy
from bookings.querysets import BookingQuerySet
from softfactory.accounts.models import User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, DomainError, Forbidden, stale_version

Status = Booking.Status


def confirm_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Confirm: the owner a pending booking, the customer a hold (then pending, or confirmed for
    a chef who takes bookings at once).

    Raises Conflict if it is not pending, or the hold has lapsed.
    """
    if booking.status == Status.HELD and booking.customer_id == by.pk:
        return _take_up_hold(booking, now=now)
    _require_owner(booking, by)
    return _decide(booking, Status.CONFIRMED, now=now)


def decline_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Decline a pending booking, as the chef's owner; its time is free again."""
    _require_owner(booking, by)
    return _decide(booking, Status.DECLINED, now=now)


def cancel_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Cancel what has not begun, as customer or as the chef's owner; its time is free again.

    Raises Conflict for what is over, under way, or was ended before.
    """
    if by.pk not in (booking.customer_id, booking.chef.owner_id):
        raise Forbidden("not_yours", _("Only the customer and the chef can cancel a booking."))
    open_still = Booking.objects.filter(pk=booking.pk, starts_at__gt=now).occupying()
    return _move(booking, open_still, Status.CANCELLED, now=now)


def complete_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Mark a confirmed booking as done, as the chef's owner, once its time is over."""
    _require_owner(booking, by)
    if booking.status == Status.CONFIRMED and booking.ends_at > now:
        message = _("This booking is not over yet. Complete it after it has ended.")
        raise DomainError("not_over", message)
    confirmed = Booking.objects.filter(pk=booking.pk, status=Status.CONFIRMED, ends_at__lte=now)
    return _move(booking, confirmed, Status.COMPLETED, now=now)


def edit_booking(
    *,
    booking: Booking,
    by: User,
    versions: Collection[int] | None,
    now: datetime,
    guests: int | None = None,
    special_requests: str | None = None,
) -> Booking:
    """Change guests or requests, as the customer, at one of these versions (None: any).

    Guests can change until the chef has confirmed; the price follows, at the rates of the moment
    the booking was made. Raises PreconditionFailed if the version is no more.
    """
    if booking.customer_id != by.pk:
        raise Forbidden("not_yours", _("Only the customer can change a booking."))
    changes: dict[str, object] = {}
    editable = [Status.HELD, Status.PENDING]
    if special_requests is not None:
        changes["special_requests"] = special_requests
    if guests is None:
        editable.append(Status.CONFIRMED)
    else:
        changes |= _repriced(booking, guests)
    rows = Booking.objects.filter(pk=booking.pk, status__in=editable)
    if rows.at_versions(versions).update(updated_at=now, **changes):
        return _reloaded(booking)
    if versions is not None and not Booking.objects.filter(pk=booking.pk).at_versions(versions):
        raise stale_version()
    raise _wrong_state(booking)


def _repriced(booking: Booking, guests: int) -> dict[str, int]:
    if guests > booking.chef.max_guests:
        message = _("This chef cooks for %(most)s guests at most.")
        raise DomainError("too_many_guests", message % {"most": booking.chef.max_guests})
    guests_amount = booking.guests_amount // booking.guests * guests
    total = booking.session_amount + booking.hours_amount + guests_amount
    return {"guests": guests, "guests_amount": guests_amount, "total_amount": total}


def _require_owner(booking: Booking, by: User) -> None:
    if booking.chef.owner_id != by.pk:
        raise Forbidden("not_the_chef", _("Only the chef can decide about this booking."))


def _decide(booking: Booking, status: str, *, now: datetime) -> Booking:
    pending = Booking.objects.filter(pk=booking.pk, status=Status.PENDING)
    return _move(booking, pending, status, now=now)


def _move(booking: Booking, rows: BookingQuerySet, status: str, *, now: datetime) -> Booking:
    """Give the one row of `rows` its new state, and free its time unless it goes on taking it."""

    @transactional
    def write() -> int:
        moved = rows.update(status=status, expires_at=None, decided_at=now, updated_at=now)
        if moved and status not in Booking.OCCUPYING:
            Occupancy.objects.filter(booking=booking).delete()
        return moved

    with touch("calendar", booking.chef_id):
        if not write():
            raise _wrong_state(booking)
    return _reloaded(booking)


def _take_up_hold(booking: Booking, *, now: datetime) -> Booking:
    """Turn a hold into a booking, if every quarter hour of it is still its own."""
    instant = booking.chef.instant_booking
    status = Status.CONFIRMED if instant else Status.PENDING
    owned = len(booking.ticks)

    @transactional
    def write() -> None:
        taken_up = Booking.objects.filter(
            pk=booking.pk, status=Status.HELD, expires_at__gt=now
        ).update(
            status=status, expires_at=None, decided_at=now if instant else None, updated_at=now
        )
        kept = Occupancy.objects.filter(booking=booking).update(releases_at=None)
        if not taken_up or kept != owned:
            raise Conflict(
                "hold_lapsed", _("The time was held for you until a moment ago. Book it again.")
            )

    with touch("calendar", booking.chef_id):
        write()
    return _reloaded(booking)


def _wrong_state(booking: Booking) -> Conflict:
    current = Booking.objects.with_parties().get(pk=booking.pk)
    message = _("This can't be done any more: the booking is now “%(state)s”.")
    return Conflict("wrong_state", message % {"state": current.get_status_display()})


def _reloaded(booking: Booking) -> Booking:
    return Booking.objects.with_parties().get(pk=booking.pk)
