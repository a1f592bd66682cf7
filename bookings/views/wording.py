"""What several pages say about a visit and a chef, in the active language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Chef

HOUR, DAY = 60, 24 * 60  # minutes


def size_of(hours: int, guests: int) -> str:
    """Return how long a visit is and for how many: `2 hours, 4 guests`."""
    lasting = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    people = ngettext("%(n)s guest", "%(n)s guests", guests) % {"n": guests}
    return _("%(hours)s, %(guests)s") % {"hours": lasting, "guests": people}


def notice_of(chef: Chef) -> str:
    """Return from when until when one can book a chef, in a sentence."""
    ahead = ngettext("%(n)s day", "%(n)s days", chef.horizon_days) % {"n": chef.horizon_days}
    minutes = chef.minimum_notice_minutes
    if not minutes:
        return _("Book up to %(ahead)s ahead.") % {"ahead": ahead}
    if minutes % DAY == 0 and minutes > DAY:
        notice = ngettext("%(n)s day", "%(n)s days", minutes // DAY) % {"n": minutes // DAY}
    else:
        hours = -(-minutes // HOUR)
        notice = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("Book at least %(notice)s and at most %(ahead)s ahead.") % {
        "notice": notice,
        "ahead": ahead,
    }
