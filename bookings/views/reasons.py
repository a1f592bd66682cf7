"""Why a time is not offered, said to the chef's owner: what of their own says no."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from bookings.models import Booking
from bookings.slots import Reason, Schedule

WORDS = {
    Reason.DURATION_NOT_OFFERED: gettext_noop("You offer no visits of this length."),
    Reason.NONEXISTENT_TIME: gettext_noop("Clocks skip this time on that day."),
    Reason.OFF_QUARTER: gettext_noop("Visits begin on quarter hours of UTC."),
    Reason.REPEATED_TIME: gettext_noop("This hour happens twice; only the first one counts."),
    Reason.CLOSED: gettext_noop("You are closed on that date."),
    Reason.OUTSIDE_HOURS: gettext_noop("It lies outside of your hours."),
    Reason.OFF_STEP: gettext_noop("It is no step from the beginning of your hours."),
    Reason.DOES_NOT_FIT: gettext_noop("Your hours end before such a visit would."),
    Reason.TAKEN: gettext_noop("Somebody has booked this time, or it is kept free around a visit."),
}


def reason_in_words(reason: Reason, schedule: Schedule, taken_by: Booking | None = None) -> str:
    """Return why, in a sentence to the owner."""
    if reason is Reason.TOO_FAR:
        days = schedule.horizon_days
        text = ngettext(
            "It is more than %(n)s day ahead.", "It is more than %(n)s days ahead.", days
        )
        return text % {"n": days}
    if reason is Reason.TOO_SOON:
        hours = -(-schedule.minimum_notice // 60)
        if not hours:
            return _("It is over.")
        text = ngettext(
            "It is over, or within your notice of %(n)s hour.",
            "It is over, or within your notice of %(n)s hours.",
            hours,
        )
        return text % {"n": hours}
    if reason is Reason.DAY_FULL:
        most = schedule.per_day or 0
        text = ngettext(
            "You take %(n)s booking a day, and have it.",
            "You take %(n)s bookings a day, and have them.",
            most,
        )
        return text % {"n": most}
    if reason is Reason.TAKEN and taken_by is not None:
        text = _("The visit of %(customer)s takes this time, with what is kept free around it.")
        return text % {"customer": taken_by.customer.get_short_name()}
    return _(WORDS[reason])
