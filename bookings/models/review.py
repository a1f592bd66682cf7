"""What the two sides of a completed booking say of each other, and when others may read it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.models.chef import Chef
from bookings.querysets import ReviewQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Opinion(models.Model):
    """Stars and words. Nobody but the author reads them until both sides have written, or until
    `due_at`, from which on `run_due` publishes them.
    """

    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(_("text"), max_length=4000, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    due_at = models.DateTimeField(_("published by"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = PeersManager.from_queryset(ReviewQuerySet)()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__range=(1, 5)), name="bookings_%(class)s_rating_in_range"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True, published_at__isnull=False)
                | Q(due_at__isnull=False, published_at__isnull=True),
                name="bookings_%(class)s_due_or_published",
            ),
        ]
        indexes = [
            # run_due: those that the other side let wait for too long.
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="bookings_%(class)s_due",
            ),
        ]

    @property
    def rating_hundredths(self) -> int:
        """The rating as a chef's is counted: 500 for five stars."""
        return self.rating * 100


class Review(Opinion):
    """What a customer says of a chef, one per booking. The author's name is that of the moment.

    It is for the customer to say whether the chef may quote it elsewhere, and to take that back.
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="review")
    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    author_name = models.CharField(_("author"), max_length=100)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    may_be_quoted = models.BooleanField(_("may be quoted"), default=False, editable=False)

    class Meta(Opinion.Meta):
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            *Opinion.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, published_at__isnull=False)),
                name="bookings_review_answered_once_published",
            ),
        ]
        indexes = [
            *Opinion.Meta.indexes,
            # A chef's reviews, newest first.
            models.Index(
                F("chef"), F("created_at").desc(), F("id").desc(), name="bookings_review_chef"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}/5 #{self.booking_id}"

    @property
    def on_page(self) -> tuple[object, ...]:
        """All that a page shows of it."""
        return self.author_name, self.rating, self.text, self.created_at, self.answer

    @property
    def is_quotable(self) -> bool:
        """Whether its words may stand elsewhere: everybody reads them, and their author agreed."""
        return self.may_be_quoted and self.published_at is not None


class GuestReview(Opinion):
    """What a chef says of a customer, one per booking. The two of them read it, nobody else."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="guest_review")

    class Meta(Opinion.Meta):
        verbose_name = _("review of a guest")
        verbose_name_plural = _("reviews of guests")

    def __str__(self) -> str:
        return f"{self.rating}/5 #{self.booking_id}"
