"""Message: what one side of a booking writes to the other; Letter: an e-mail to one of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models.booking import Booking
from bookings.querysets import LetterQuerySet, MessageQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Message(models.Model):
    """Words about a booking. Its two sides read them, nobody else; nobody takes them back."""

    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField(_("text"), max_length=4000)
    created_at = models.DateTimeField(_("sent"), default=clock.now, editable=False)

    objects = PeersManager.from_queryset(MessageQuerySet)()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            # The messages of a booking, the last one first.
            models.Index(
                F("booking"),
                F("created_at").desc(),
                F("id").desc(),
                name="bookings_message_booking",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.booking_id} {self.created_at:%Y-%m-%d}"


class Letter(models.Model):
    """That one side of a booking is told of something by e-mail.

    It is written in the transaction in which that happens. Whoever sends it moves `due_at` by a
    lease and counts `tries`, in one conditional update; the number is the token under which the
    outcome is recorded.
    """

    class Kind(models.TextChoices):
        CREATED = "created", pgettext_lazy("letter", "Asked for, or booked")
        CONFIRMED = "confirmed", pgettext_lazy("letter", "Confirmed")
        DECLINED = "declined", pgettext_lazy("letter", "Declined")
        CANCELLED = "cancelled", pgettext_lazy("letter", "Cancelled")
        EXPIRED = "expired", pgettext_lazy("letter", "Not answered")
        COMPLETED = "completed", pgettext_lazy("letter", "Completed")
        NO_SHOW = "no_show", pgettext_lazy("letter", "Nobody came")
        REMINDER = "reminder", pgettext_lazy("letter", "Reminder")
        MESSAGE = "message", pgettext_lazy("letter", "Message")

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="letters")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="+", null=True, db_index=False
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    due_at = models.DateTimeField(_("next attempt"), null=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = PeersManager.from_queryset(LetterQuerySet)()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(sent_at__isnull=True),
                name="bookings_letter_due_or_sent",
            ),
            models.CheckConstraint(
                condition=Q(kind="message", message__isnull=False)
                | (~Q(kind="message") & Q(message__isnull=True)),
                name="bookings_letter_of_a_message",
            ),
        ]
        indexes = [
            # run_due: what is to be sent now.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="bookings_letter_due"
            ),
            # run_due: what was sent long ago.
            models.Index(fields=["created_at"], name="bookings_letter_created"),
        ]

    def __str__(self) -> str:
        return f"#{self.booking_id} {self.kind}"
