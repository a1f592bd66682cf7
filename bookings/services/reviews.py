"""Reviews: one per completed booking; the chef's rating follows in the same transaction."""

from datetime import datetime

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking, Chef, Review
from softfactory.accounts.models import User
from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, Forbidden


def write_review(
    *, booking: Booking, author: User, rating: int, text: str, now: datetime
) -> Review:
    """Publish what the customer of a completed booking says of it.

    Raises Conflict if it is not completed (`not_completed`) or has a review (`already_reviewed`).
    """
    if booking.customer_id != author.pk:
        raise Forbidden("not_yours", _("Only the customer of a booking can review it."))
    if booking.status != Booking.Status.COMPLETED:
        raise Conflict("not_completed", _("A booking can be reviewed once it is completed."))
    review = Review(
        booking=booking,
        chef_id=booking.chef_id,
        # Everybody reads this: nothing of an e-mail address stands in for a name.
        author_name=author.name or pgettext("author of a review", "Guest"),
        rating=rating,
        text=text,
        created_at=now,
    )
    try:
        with touch("calendar", booking.chef_id), touch("chefs", booking.chef_id):
            _publish(review)
    except IntegrityError as error:
        if not violates(error, table=Review._meta.db_table):
            raise
        message = _("You have reviewed this booking already.")
        raise Conflict("already_reviewed", message) from None
    return review


@transactional
def _publish(review: Review) -> None:
    review.pk = None
    review.save(force_insert=True)
    count, total = F("review_count") + 1, F("rating_sum") + review.rating
    Chef.objects.filter(pk=review.chef_id).update_derived(
        review_count=count,
        rating_sum=total,
        # The average times 100, rounded half up, in whole numbers.
        rating_hundredths=(total * 200 + count) / (count * 2),
    )
