"""Quotes: a post quotes a review for as long as everybody reads it and its author lets it.

Nobody tells of a consent that was taken back: who schedules asks, and so does who is about to send.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bookings.models import Review
from sns.models import Post
from softfactory.kernel.problems import Conflict, InvalidRequest

#: Why a publication was cancelled, or a post can't be scheduled.
WITHDRAWN = "quote_withdrawn"
# Fewer characters stand in anybody's text.
TELLING = 10


def name_quote(post: Post, review: Review | None) -> None:
    """Write down which review a post quotes; None: none any more.

    Raises InvalidRequest for a review of somebody else's chef, or one that may not be quoted. One
    that was quoted already stays, so that nothing that is typed is lost by what its author did.
    """
    if review is not None and review.chef.owner_id != post.owner_id:
        raise _unfit("unknown", _("There is no such review."))
    if review is not None and review.pk != post.review_id and not review.is_quotable:
        message = _("Its author does not let this review be quoted. Choose another one.")
        raise _unfit("not_quotable", message)
    post.review, post.is_quote = review, review is not None


def require_words_out(review: Review, texts: Iterable[str]) -> None:
    """Raise InvalidRequest if a review's words stand in one of these texts, which no more says
    that it quotes it.
    """
    words = _plain(review.text)
    if len(words) >= TELLING and any(words in _plain(text) for text in texts):
        message = _("The guest's words stand in the text still. Take them out, or say it quotes.")
        raise _unfit("still_quoted", message)


def is_quote_allowed(post: Post) -> bool:
    """Tell whether a post quotes nothing, or what it quotes may be quoted. One query.

    Whoever takes their consent back waits until the transaction is over, so that nothing is sent
    which began after they were told that it was taken back.
    """
    if not post.is_quote:
        return True
    if post.review_id is None:
        return False
    rows = Review.objects.quotable().filter(pk=post.review_id)
    return bool(rows.select_for_update(no_key=True).values_list("pk"))


def require_quote_allowed(post: Post) -> None:
    """Raise Conflict `quote_withdrawn` for a post that quotes what may not be quoted."""
    if not is_quote_allowed(post):
        raise Conflict(WITHDRAWN, withdrawn())


def withdrawn() -> str:
    """Return why a post does not go out that quotes what may not be quoted."""
    return _("The guest does not let their review be quoted any more.")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _unfit(code: str, message: str) -> InvalidRequest:
    problem = {"field": "review_id", "code": code, "message": message}
    return InvalidRequest("invalid", message, errors=[problem])
