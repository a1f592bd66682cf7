"""What becomes of a booking: confirmed, declined, cancelled, completed, edited."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.services.cancelling import preview_cancellation
from bookings.services.choosing import refuse_party
from bookings.services.holding import take_up
from bookings.services.moving import move, reloaded, wrong_state
from bookings.services.reckoning import books_of
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError, Forbidden, stale_version

Status = Booking.Status

WAITED = timedelta(minutes=30)


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


@transactional
def cancel_booking(
    *, booking: Booking, by: User, now: datetime, refund: Money | None = None
) -> Booking:
    """Cancel what has not begun, as customer or as the chef's owner; its time is free again.

    What of the price is kept was agreed when it was booked. Raises Conflict for what is over,
    under way, or was ended before, and if another amount than `refund` would be given back.
    """
    if by.pk not in (booking.customer_id, booking.chef.owner_id):
        raise Forbidden("not_yours", _("Only the customer and the chef can cancel a booking."))
    open_still = Booking.objects.filter(pk=booking.pk, starts_at__gt=now).occupying()
    kept = _kept(booking, by, refund, now=now) if booking.policy_id else 0
    return move(booking, open_still, Status.CANCELLED, now=now, kept_amount=kept)


def _kept(booking: Booking, by: User, refund: Money | None, *, now: datetime) -> int:
    """Return what is kept of the price; nothing changes that before it is written."""
    locked = Booking.objects.with_policy().locked().get(pk=booking.pk)
    cancellation = preview_cancellation(booking=locked, by=by, now=now)
    if refund not in (None, cancellation.refund):
        message = _("Now %(refund)s would be given back. If that is fine, cancel it again.")
        raise Conflict("refund_changed", message % {"refund": cancellation.refund})
    return cancellation.kept.amount


def complete_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Mark a confirmed booking as done, as the chef's owner, once its time is over."""
    _require_owner(booking, by)
    if booking.status == Status.CONFIRMED and booking.ends_at > now:
        message = _("This booking is not over yet. Complete it after it has ended.")
        raise DomainError("not_over", message)
    confirmed = Booking.objects.filter(pk=booking.pk, status=Status.CONFIRMED, ends_at__lte=now)
    return move(booking, confirmed, Status.COMPLETED, now=now)


def mark_no_show(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Say that the chef came and nobody was there, as the chef's owner, some time after it began.

    What was taken of the price, or is held, is the chef's; no more is charged.
    """
    _require_owner(booking, by)
    if booking.status == Status.CONFIRMED and booking.starts_at + WAITED > now:
        message = _("Wait for your guests for half an hour. Then you can say that nobody came.")
        raise DomainError("too_early", message)
    begun = Booking.objects.filter(
        pk=booking.pk, status=Status.CONFIRMED, starts_at__lte=now - WAITED
    )
    return move(booking, begun, Status.NO_SHOW, now=now)


@transactional
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
        _refuse_once_paid(booking)
        changes |= _repriced(booking, guests)
    rows = Booking.objects.filter(pk=booking.pk, status__in=editable)
    if rows.at_versions(versions).update(updated_at=now, **changes):
        return reloaded(booking)
    if versions is not None and not Booking.objects.filter(pk=booking.pk).at_versions(versions):
        raise stale_version()
    raise wrong_state(booking)


def _refuse_once_paid(booking: Booking) -> None:
    """Refuse another price than the one that a card was asked for."""
    if not booking.policy_id:
        return
    locked = Booking.objects.locked().get(pk=booking.pk)
    if books_of(locked).payments:
        message = _("This is paid for already. Cancel it, and book for another number of guests.")
        raise Conflict("already_paid", message)


def _repriced(booking: Booking, guests: int) -> dict[str, int]:
    if guests > booking.chef.max_guests:
        message = _("This chef cooks for %(most)s guests at most.")
        raise DomainError("too_many_guests", message % {"most": booking.chef.max_guests})
    if booking.menu is not None:
        refuse_party(booking.menu, guests)
    guests_amount = booking.guests_amount // booking.guests * guests
    total = booking.session_amount + booking.hours_amount + guests_amount
    return {"guests": guests, "guests_amount": guests_amount, "total_amount": total}


def _require_owner(booking: Booking, by: User) -> None:
    if booking.chef.owner_id != by.pk:
        raise Forbidden("not_the_chef", _("Only the chef can decide about this booking."))


def _decide(booking: Booking, status: str, *, now: datetime) -> Booking:
    pending = Booking.objects.filter(pk=booking.pk, status=Status.PENDING)
    return move(booking, pending, status, now=now)


def _take_up_hold(booking: Booking, *, now: datetime) -> Booking:
    if booking.policy_id:
        message = _("This chef is paid when you book. Pay for the booking, and it is yours.")
        raise Conflict("payment_required", message)
    take_up(booking, now=now)
    return reloaded(booking)
