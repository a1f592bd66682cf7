"""When posts go out: at a time, in the next free queue time, or now; moved, cancelled, tried again.

A post is locked before its publications are written: the engine does the same, so that nobody
moves or cancels what is being sent at that moment.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sns.models import Post, Publication, SocialAccount
from sns.services.outcomes import conclude, lock_post
from sns.services.quoting import require_quote_allowed
from sns.services.teams import require_role
from sns.services.writing import write_post
from sns.times import next_free, queue_times
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.zones import zone
from subscriptions.services.entitlements import require

FURTHEST = timedelta(days=730)  # ahead
#: A time that just went by, as people type them, is now.
GRACE = timedelta(minutes=1)

State, Single = Post.State, Publication.State


@transactional
def schedule_post(
    *, user: User, post: Post, at: datetime, now: datetime, timezone: str | None = None
) -> Post:
    """Let a post go out at an instant on each of its accounts, and return it. One that is scheduled
    already is moved, unless something of it was sent.

    Who writes only needs it approved before. Raises DomainError (`in_the_past`, `too_far`,
    `no_accounts`, `empty`), Conflict (`not_approved`, `account_broken`, `being_sent`, `post_over`,
    `quote_withdrawn`, and as `entitlements.require` does for `sns.posts`).
    """
    role = require_role(user, post.owner_id)
    _require_time(at, now=now)
    locked = lock_post(post.pk)
    if not role.approves and locked.state in (State.DRAFT, State.IN_REVIEW):
        raise Conflict("not_approved", _("Send it for approval first."))
    accounts = _accounts(locked)
    require_quote_allowed(locked)
    require(locked.owner, "sns.posts", now=now)
    if locked.state == State.SCHEDULED:
        _move(locked, at, now=now)
    elif locked.state in (*Post.UNSCHEDULED, State.CANCELLED, State.MISSED):
        _plan(locked, accounts, at, now=now)
    else:
        raise _over()
    columns: dict[str, Any] = {"state": State.SCHEDULED, "scheduled_at": at}
    if timezone:
        columns["timezone"] = timezone
    if role.approves and locked.state in (State.DRAFT, State.IN_REVIEW):
        columns["approved_by"] = user
    columns["repeats_at"] = at if locked.recurrence else None
    Post.objects.filter(pk=post.pk).update(updated_at=now, **columns)
    if at <= now:
        nudge("sns.publish", post.pk, can_wait=True)
    return Post.objects.get(pk=post.pk)


@transactional
def write_and_schedule(
    *, user: User, owner: User, at: datetime | None, now: datetime, **content: Any
) -> Post:
    """Write a post and, given a time, schedule it, or do neither; return it.

    Raises as `write_post` and `schedule_post` do.
    """
    post = write_post(user=user, owner=owner, now=now, **content)
    return post if at is None else schedule_post(user=user, post=post, at=at, now=now)


def publish_now(*, user: User, post: Post, now: datetime) -> Post:
    """Let a post go out at once. Raises as `schedule_post` does."""
    return schedule_post(user=user, post=post, at=now, now=now)


def queue_post(*, user: User, post: Post, now: datetime) -> Post:
    """Let a post go out at the next queue time of its first account that has some, at which
    nothing else goes out there. Raises DomainError `no_queue`, and as `schedule_post` does.
    """
    account = next((account for account in _accounts(post) if account.slots), None)
    at = next_queue_time(account, now=now) if account else None
    if account is None or at is None:
        raise DomainError("no_queue", _("Its accounts have no queue times left. Add some."))
    return schedule_post(user=user, post=post, at=at, now=now, timezone=account.timezone)


def next_queue_time(account: SocialAccount, *, now: datetime) -> datetime | None:
    """Return the account's next queue time at which nothing goes out; None if there is none."""
    taken = Publication.objects.filter(account=account, scheduled_at__gt=now)
    planned = taken.exclude(state=Single.CANCELLED).values_list("scheduled_at", flat=True)
    times = queue_times(account.slots)
    return next_free(times, zone(account.timezone), after=now, taken=set(planned))


@transactional
def cancel_post(*, user: User, post: Post, now: datetime) -> Post:
    """Send nothing more of a post, and return it. What is there stays, what is being sent goes on.

    Raises Conflict `post_over` if nothing of it waits.
    """
    require_role(user, post.owner_id)
    locked = lock_post(post.pk)
    if locked.state in Post.UNSCHEDULED:
        Post.objects.filter(pk=post.pk).update(state=State.CANCELLED, updated_at=now)
        return Post.objects.get(pk=post.pk)
    waiting = Publication.objects.filter(post=post, state=Single.SCHEDULED)
    given_up = Publication.objects.filter(post=post, state=Single.UNCONFIRMED, due_at=None)
    columns = {"state": Single.CANCELLED, "due_at": None, "reason_code": "cancelled", "reason": ""}
    if not waiting.update(**columns) + given_up.update(**columns):
        raise _over() if locked.state != State.SCHEDULED else _being_sent()
    Post.objects.filter(pk=post.pk).update(repeats_at=None, updated_at=now)
    conclude(post.pk, now=now)
    return Post.objects.get(pk=post.pk)


@transactional
def retry_post(
    *, user: User, post: Post, now: datetime, account_ids: Sequence[int] | None = None
) -> Post:
    """Try again, soon, what failed or was missed; ask again whether what nobody knows of is there.

    Raises Conflict `nothing_to_retry`, and as `schedule_post` does.
    """
    require_role(user, post.owner_id)
    locked = lock_post(post.pk)
    require_quote_allowed(locked)
    rows = Publication.objects.filter(post=post, account__is_active=True)
    if account_ids is not None:
        rows = rows.filter(account__in=account_ids)
    late_at = now + timedelta(minutes=locked.late_minutes)
    failed = rows.filter(state__in=[Single.FAILED, Single.MISSED]).update(
        state=Single.SCHEDULED,
        due_at=now,
        scheduled_at=now,
        late_at=late_at,
        content=None,
        tries=0,
        checks=0,
        reason="",
        reason_code="",
    )
    asked = rows.filter(state=Single.UNCONFIRMED, due_at=None).update(due_at=now, checks=0)
    if not failed + asked:
        raise Conflict("nothing_to_retry", _("Nothing of this post failed."))
    Post.objects.filter(pk=post.pk).update(state=State.SCHEDULED, updated_at=now)
    nudge("sns.publish", post.pk, can_wait=True)
    return Post.objects.get(pk=post.pk)


def _require_time(at: datetime, *, now: datetime) -> None:
    if at < now - GRACE:
        raise DomainError("in_the_past", _("This time is over. Choose a later one."))
    if at > now + FURTHEST:
        raise DomainError(
            "too_far", _("This is more than two years ahead. Choose an earlier time.")
        )


def _accounts(post: Post) -> list[SocialAccount]:
    """Return the accounts that it goes on. Raises where there are none, or one does not work."""
    variants = list(post.variants.with_account().in_order())
    accounts = [variant.account for variant in variants]
    if not accounts:
        raise DomainError("no_accounts", _("Choose an account for it to go out on."))
    if any(not account.works for account in accounts):
        message = _("One of its accounts does not work. Connect it again, or leave it out.")
        raise Conflict("account_broken", message)
    says = all(post.text.strip() or variant.text.strip() for variant in variants)
    if not says and not post.pictures.exists():
        raise DomainError("empty", _("There is nothing to publish. Write something."))
    return accounts


def _plan(post: Post, accounts: Sequence[SocialAccount], at: datetime, *, now: datetime) -> None:
    """Make a publication for each account; one that was cancelled or missed is taken up again."""
    late_at = at + timedelta(minutes=post.late_minutes)
    times = {"due_at": at, "scheduled_at": at, "late_at": late_at}
    standing = {row.account_id: row for row in Publication.objects.filter(post=post)}
    anew = [account for account in accounts if account.pk not in standing]
    Publication.objects.bulk_create(
        Publication(post=post, account=account, created_at=now, **times) for account in anew
    )
    again = Publication.objects.filter(post=post, account__in=accounts)
    again.filter(state__in=[Single.CANCELLED, Single.MISSED]).update(
        state=Single.SCHEDULED, reason="", reason_code="", content=None, **times
    )


def _move(post: Post, at: datetime, *, now: datetime) -> None:
    rows = Publication.objects.filter(post=post)
    if rows.exclude(state__in=[Single.SCHEDULED, Single.CANCELLED]).exists():
        raise _being_sent()
    late_at = at + timedelta(minutes=post.late_minutes)
    waiting = rows.filter(state=Single.SCHEDULED)
    waiting.filter(tries=0).update(due_at=at, scheduled_at=at, late_at=late_at)
    if waiting.filter(tries__gt=0).exists():
        raise _being_sent()


def _being_sent() -> Conflict:
    return Conflict("being_sent", _("It is being sent already. Wait for what comes of that."))


def _over() -> Conflict:
    return Conflict("post_over", _("Nothing of this post waits any more. Write a new one."))
