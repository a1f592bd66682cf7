"""Review: what a customer says of a completed booking."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.models.chef import Chef
from bookings.querysets import ReviewQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Review(models.Model):
    """One per booking. The author's name is that of the moment; the chef is the booking's."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="review")
    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    author_name = models.CharField(_("author"), max_length=100)
    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(_("text"), max_length=4000, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = PeersManager.from_queryset(ReviewQuerySet)()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__range=(1, 5)), name="bookings_review_rating_in_range"
            ),
        ]
        indexes = [
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
        return self.author_name, self.rating, self.text, self.created_at

    @property
    def rating_hundredths(self) -> int:
        """The rating as a chef's is counted: 500 for five stars."""
        return self.rating * 100
