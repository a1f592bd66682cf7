"""What a customer is told when a time can't be booked."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.slots import Reason
from softfactory.kernel.problems import Conflict, DomainError

MESSAGES = {
    Reason.DURATION_NOT_OFFERED: gettext_noop(
        "This chef does not cook for that long. Choose one of the durations on offer."
    ),
    Reason.TOO_FAR: gettext_noop("This is too far ahead. Choose an earlier date."),
    Reason.TOO_SOON: gettext_noop("This is too soon for the chef to prepare. Choose a later time."),
    Reason.NONEXISTENT_TIME: gettext_noop("Clocks skip this time on that day. Choose another one."),
    Reason.OFF_QUARTER: gettext_noop(
        "Bookings start on a quarter hour. Choose one of the free times."
    ),
    Reason.REPEATED_TIME: gettext_noop(
        "This hour happens twice on that day, and only the first counts. Choose another time."
    ),
    Reason.CLOSED: gettext_noop("The chef does not work that day. Choose another date."),
    Reason.OUTSIDE_HOURS: gettext_noop("The chef does not work at that time. Choose another one."),
    Reason.OFF_STEP: gettext_noop(
        "The chef does not start at that time. Choose one of the free times."
    ),
    Reason.DOES_NOT_FIT: gettext_noop(
        "The chef's day ends before this booking would. Start earlier, or book fewer hours."
    ),
    Reason.DAY_FULL: gettext_noop(
        "The chef has as many bookings as one day takes. Choose another date."
    ),
    Reason.TAKEN: gettext_noop("Somebody else has this time. Choose another one."),
}

# Of the reasons that a whole day gives, the first of these tells most.
TELLING = (
    Reason.DAY_FULL,
    Reason.TAKEN,
    Reason.DURATION_NOT_OFFERED,
    Reason.TOO_FAR,
    Reason.CLOSED,
    Reason.DOES_NOT_FIT,
    Reason.TOO_SOON,
)


def refusal_of(reason: Reason) -> DomainError:
    """Return the error that says why a start is refused: 409 if other bookings do, else 422."""
    message = _(MESSAGES[reason])
    if reason is Reason.TAKEN:
        return Conflict("slot_taken", message)
    if reason is Reason.DAY_FULL:
        return Conflict("day_full", message)
    return DomainError(reason.value, message)


def refusal_of_day(reasons: set[Reason]) -> DomainError:
    """Return the error that says why no start of a day is free."""
    return refusal_of(next((r for r in TELLING if r in reasons), Reason.OUTSIDE_HOURS))


class BatchRefused(DomainError):
    """Some of several requests can't be met, so none is. `errors` says which and why."""


class BatchConflict(BatchRefused, Conflict):
    """The same, where another booking is in the way of one at least."""


def batch_refusal(refusals: Mapping[int, DomainError]) -> BatchRefused:
    """Return the error of several requests of which these, by their places, can't be met."""
    errors = [
        {"field": f"bookings.{index}", "code": refusal.code, "message": refusal.message}
        for index, refusal in refusals.items()
    ]
    conflict = next((r for r in refusals.values() if isinstance(r, Conflict)), None)
    first = conflict or next(iter(refusals.values()))
    kind = BatchConflict if conflict else BatchRefused
    return kind(first.code, first.message, errors=errors)
