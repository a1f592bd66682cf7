"""What repeats: once a post's time has come, the next one is written, by the rule and the calendar.

Each occurrence is a post of its own, computed by the local clock, so that nothing drifts where
clocks change. What was due while nobody ran is not made up for: the next one is still to come.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sns.models import Post, PostMedia, Publication, Variant
from sns.services.outcomes import lock_post
from sns.services.quoting import is_quote_allowed
from sns.times import Repetition
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import InvalidRequest
from softfactory.kernel.zones import zone

AT_ONCE = 200
#: What the next occurrence takes over.
COPIED = (
    "owner_id",
    "author_id",
    "text",
    "title",
    "link",
    "utm",
    "fingerprint",
    "campaign_id",
    "timezone",
    "late_minutes",
    "approved_by_id",
    "recurrence",
    "review_id",
    "is_quote",
)


def read_rule(stored: object) -> dict | None:
    """Return a repetition as it is stored. Raises InvalidRequest, which says what is wrong."""
    if stored is None:
        return None
    try:
        return Repetition.of(stored if isinstance(stored, dict) else {}).stored()
    except ValueError as error:
        message = str(error) or _("This is no repetition.")
        problem = {"field": "recurrence", "code": "invalid", "message": message}
        raise InvalidRequest("invalid", message, errors=[problem]) from None


def repeat_posts(now: datetime) -> int:
    """Write the next occurrence of whatever repeats and has gone out; return how many."""
    return sum(_repeat(post, now=now) for post in list(Post.objects.to_repeat(now=now)[:AT_ONCE]))


@transactional
def _repeat(post: Post, *, now: datetime) -> bool:
    locked = lock_post(post.pk)
    mine = Post.objects.filter(pk=post.pk, repeats_at=post.repeats_at)
    if locked.repeats_at is None or not mine.update_derived(repeats_at=None):
        return False
    at = _next(locked, now=now)
    accounts = [row for row in locked.variants.with_account().in_order() if row.account.is_active]
    if at is None or not accounts or not is_quote_allowed(locked):
        return False
    following = Post.objects.create(
        **{name: getattr(locked, name) for name in COPIED},
        state=Post.State.SCHEDULED,
        scheduled_at=at,
        repeats_at=at,
        repetition_of=locked,
        created_at=now,
        updated_at=now,
    )
    _copy_parts(locked, following, accounts, at, now=now)
    return True


def _next(post: Post, *, now: datetime) -> datetime | None:
    """Return when it takes place next: by the rule, after now, since what was due while nobody ran
    is over.
    """
    if not post.recurrence or post.scheduled_at is None:
        return None
    after = max(post.scheduled_at, now)
    return Repetition.of(post.recurrence).next_after(after, zone(post.timezone))


def _copy_parts(
    post: Post, following: Post, variants: Sequence[Variant], at: datetime, *, now: datetime
) -> None:
    PostMedia.objects.bulk_create(
        PostMedia(post=following, media_id=row.media_id, position=row.position)
        for row in post.pictures.all()
    )
    Variant.objects.bulk_create(
        Variant(post=following, account_id=row.account_id, text=row.text) for row in variants
    )
    late_at = at + timedelta(minutes=post.late_minutes)
    times = {"due_at": at, "scheduled_at": at, "late_at": late_at, "created_at": now}
    Publication.objects.bulk_create(
        Publication(post=following, account_id=row.account_id, **times) for row in variants
    )
