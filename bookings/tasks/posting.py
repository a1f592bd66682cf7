"""Letters are sent, outside of any transaction, until the mail server takes them.

A claim is a conditional update with a lease. One who dies between sending and saying so is followed
by another, which sends the same letter under the same Message-ID.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.models import Booking, Letter
from softfactory.kernel.letters import send_letter
from softfactory.kernel.zones import zone

AT_ONCE = 100
LEASE = timedelta(seconds=60)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 960))

Kind = Letter.Kind

SUBJECTS = {
    Kind.CREATED: gettext_noop("%(chef)s, %(day)s: asked for"),
    Kind.CONFIRMED: gettext_noop("%(chef)s, %(day)s: confirmed"),
    Kind.DECLINED: gettext_noop("%(chef)s, %(day)s: declined"),
    Kind.CANCELLED: gettext_noop("%(chef)s, %(day)s: cancelled"),
    Kind.EXPIRED: gettext_noop("%(chef)s, %(day)s: not answered in time"),
    Kind.COMPLETED: gettext_noop("%(chef)s, %(day)s: how was it?"),
    Kind.NO_SHOW: gettext_noop("%(chef)s, %(day)s: nobody was there"),
    Kind.REMINDER: gettext_noop("%(chef)s, %(day)s: a reminder"),
    Kind.MESSAGE: gettext_noop("%(chef)s, %(day)s: a message"),
}

logger = logging.getLogger(__name__)


def post_letters(now: datetime) -> int:
    """Send what is due; return how many letters the mail server took."""
    sent = 0
    for letter in list(Letter.objects.due(now=now).with_all()[:AT_ONCE]):
        if Letter.objects.claim(letter, now=now, lease=LEASE):
            sent += _post(letter, now=now)
    return sent


def _post(letter: Letter, *, now: datetime) -> bool:
    mine = Letter.objects.filter(pk=letter.pk, tries=letter.tries + 1)
    if not _is_still_true(letter, now=now):
        mine.update(due_at=None)
        return False
    try:
        _send(letter)
    except (OSError, SMTPException):
        logger.warning("Letter %s was not taken", letter.pk, exc_info=True)
        is_last = letter.tries >= len(WAITS)
        mine.update(due_at=None if is_last else now + WAITS[letter.tries])
        return False
    mine.update(due_at=None, sent_at=now)
    return True


def _is_still_true(letter: Letter, *, now: datetime) -> bool:
    """Nobody is reminded of what was called off, or written to who left."""
    if not letter.reader.is_active:
        return False
    booking = letter.booking
    is_ahead = booking.status == Booking.Status.CONFIRMED and booking.starts_at > now
    return letter.kind != Kind.REMINDER or is_ahead


def _send(letter: Letter) -> None:
    booking, host = letter.booking, urlsplit(settings.SITE_URL).hostname
    with (
        translation.override(letter.reader.language),
        timezone.override(zone(booking.timezone)),
    ):
        context = {
            "letter": letter,
            "booking": booking,
            "is_customer": letter.reader_id == booking.customer_id,
        }
        send_letter(
            letter.reader.email,
            _subject(letter),
            "bookings/letter.txt",
            context,
            headers={
                "Message-ID": f"<letter-{letter.pk}@{host}>",
                "References": f"<booking-{booking.pk}@{host}>",  # one thread a booking
            },
        )


def _subject(letter: Letter) -> str:
    starts_at = timezone.localtime(letter.booking.starts_at)
    day = f"{starts_at:%Y-%m-%d %H:%M}"
    return _(SUBJECTS[Kind(letter.kind)]) % {"chef": letter.booking.chef.name, "day": day}
