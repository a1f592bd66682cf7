"""Reviews: each side of a completed booking writes one, and reads the other's after its own.

Neither is published before both are written, or before the time for that is over. A chef's rating
follows in the transaction that publishes a review.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking, Chef, GuestReview, Review
from softfactory.accounts.models import User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, Forbidden, InvalidRequest

BLIND_FOR = timedelta(days=14)
AT_ONCE = 500

type Opinion = Review | GuestReview


def write_review(
    *,
    booking: Booking,
    author: User,
    rating: int,
    text: str,
    now: datetime,
    may_be_quoted: bool = False,
) -> Opinion:
    """Keep what one side of a completed booking says of the other: the customer of the chef, or
    the chef's owner of the customer. If the other side has written, both are published.

    A customer says whether the chef may quote it; InvalidRequest is raised where a chef does.

    Raises Conflict if it is not completed (`not_completed`), has the side's review
    (`already_reviewed`), or the other's can be read already (`too_late_to_review`).
    """
    if author.pk not in (booking.customer_id, booking.chef.owner_id):
        raise Forbidden("not_yours", _("Only the customer and the chef can review a booking."))
    said = {"rating": rating, "text": text}
    if author.pk == booking.customer_id:
        said["may_be_quoted"] = may_be_quoted
    elif may_be_quoted:
        raise _not_theirs()
    with touch("calendar", booking.chef_id), touch("chefs", booking.chef_id):
        return _write(booking, author, said, now=now)


@transactional
def _write(booking: Booking, author: User, said: dict[str, Any], *, now: datetime) -> Opinion:
    # The two sides write one after the other. What the first one wrote, the second one sees only in
    # a query of its own: one that waits for the lock still joins what was there when it began.
    Booking.objects.locked().values_list("pk").get(pk=booking.pk)
    locked = Booking.objects.with_reviews().get(pk=booking.pk)
    if locked.status != Booking.Status.COMPLETED:
        raise Conflict("not_completed", _("A booking can be reviewed once it is completed."))
    of_chef, of_guest = locked.review_of_chef, locked.review_of_guest
    is_customers = locked.customer_id == author.pk
    own, others = (of_chef, of_guest) if is_customers else (of_guest, of_chef)
    if own:
        raise Conflict("already_reviewed", _("You have reviewed this booking already."))
    if others and others.published_at:
        message = _("The other side's review can be read already, so the time for yours is over.")
        raise Conflict("too_late_to_review", message)
    due_at = (locked.decided_at or locked.ends_at) + BLIND_FOR
    said |= {"booking": locked, "created_at": now, "due_at": due_at}
    if is_customers:
        name = shown_name(author)
        own = Review.objects.create(chef_id=locked.chef_id, author_name=name, **said)
    else:
        own = GuestReview.objects.create(**said)
    if others or due_at <= now:
        _publish(own, now=now)
    if others:
        _publish(others, now=now)
    return own


def shown_name(author: User) -> str:
    """Return the name under which everybody reads what a customer writes.

    Nothing of an e-mail address stands in for a name.
    """
    return author.name or pgettext("author of a review", "Guest")


def let_quote(*, booking: Booking, by: User, may_be_quoted: bool) -> Review:
    """Let the chef quote what this customer said of them, or no more; return the review.

    Raises Conflict if they have said nothing (`no_review`), Forbidden for anybody else.
    """
    if booking.customer_id != by.pk:
        raise Forbidden("not_the_author", _("Only who wrote a review lets it be quoted."))
    own = Review.objects.filter(booking=booking)
    if not own.update(may_be_quoted=may_be_quoted):
        raise Conflict("no_review", _("You have not reviewed this booking."))
    return own.get()


def _not_theirs() -> InvalidRequest:
    message = _("Only the customer lets a review be quoted. Leave this out.")
    problem = {"field": "may_be_quoted", "code": "not_yours", "message": message}
    return InvalidRequest("invalid", message, errors=[problem])


def publish_reviews(now: datetime) -> int:
    """Publish what waited for the other side for as long as it may; returns how many."""
    published = 0
    waiting: list[Opinion] = [
        *Review.objects.due(now=now).with_booking()[:AT_ONCE],
        *GuestReview.objects.due(now=now).with_booking()[:AT_ONCE],
    ]
    for opinion in waiting:
        chef_id = opinion.booking.chef_id
        with touch("calendar", chef_id), touch("chefs", chef_id):
            published += _publish_due(opinion, now=now)
    return published


@transactional
def _publish_due(opinion: Opinion, *, now: datetime) -> bool:
    return _publish(opinion, now=now)


def _publish(opinion: Opinion, *, now: datetime) -> bool:
    """Let everybody read it from now on; tell whether nobody was faster. A rating follows."""
    rows = type(opinion).objects.filter(pk=opinion.pk, published_at=None)
    if not rows.update(published_at=now, due_at=None):
        return False
    opinion.published_at, opinion.due_at = now, None
    if isinstance(opinion, Review):
        _count(opinion)
    return True


def _count(review: Review) -> None:
    count, total = F("review_count") + 1, F("rating_sum") + review.rating
    stars = f"stars_{review.rating}"
    Chef.objects.filter(pk=review.chef_id).update_derived(
        review_count=count,
        rating_sum=total,
        # The average times 100, rounded half up, in whole numbers.
        rating_hundredths=(total * 200 + count) / (count * 2),
        **{stars: F(stars) + 1},
    )


def answer_review(*, booking: Booking, by: User, text: str, now: datetime) -> Review:
    """Let a chef's owner answer what a customer said, for everybody to read, once.

    Raises Conflict if there is no review to be read (`no_review`), or it has an answer
    (`already_answered`).
    """
    if booking.chef.owner_id != by.pk:
        raise Forbidden("not_the_chef", _("Only the chef can answer a review."))
    published = Review.objects.published().filter(booking=booking)
    with touch("calendar", booking.chef_id), touch("chefs", booking.chef_id):
        if not _answer(booking, text, now=now):
            if published:
                raise Conflict("already_answered", _("You have answered this review already."))
            raise Conflict("no_review", _("There is no review to answer yet."))
    return published.get()


@transactional
def _answer(booking: Booking, text: str, *, now: datetime) -> int:
    open_still = Review.objects.published().filter(booking=booking, answered_at=None)
    return open_still.update(answer=text, answered_at=now)
