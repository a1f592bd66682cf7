"""Approval: who writes sends a draft for review, who approves says yes, or what to change."""

from datetime import datetime

from django.utils.translation import gettext as _

from sns.models import Comment, Post
from sns.services.outcomes import lock_post
from sns.services.teams import require_role
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict

State = Post.State


def submit_post(*, user: User, post: Post, now: datetime) -> Post:
    """Send a draft for review. Raises Conflict `not_a_draft` for anything else."""
    require_role(user, post.owner_id)
    sent = Post.objects.filter(pk=post.pk, state=State.DRAFT)
    if not sent.update(state=State.IN_REVIEW, updated_at=now):
        raise Conflict("not_a_draft", _("Only drafts are sent for review."))
    return Post.objects.get(pk=post.pk)


def approve_post(*, user: User, post: Post, now: datetime) -> Post:
    """Approve what is in review, or a draft. Raises Conflict `not_in_review`, Forbidden."""
    require_role(user, post.owner_id, approves=True)
    waiting = Post.objects.filter(pk=post.pk, state__in=[State.DRAFT, State.IN_REVIEW])
    # At the version that was read: what is approved is what one saw.
    seen = waiting.at_versions([post.version])
    if not seen.update(state=State.APPROVED, approved_by=user, updated_at=now):
        if waiting.exists():
            raise Conflict("changed", _("It was changed just now. Read it again."))
        raise Conflict("not_in_review", _("This does not wait for anybody's approval."))
    return Post.objects.get(pk=post.pk)


@transactional
def send_back(*, user: User, post: Post, text: str, now: datetime) -> Post:
    """Make what is in review, or approved, a draft again, and say what to change.

    Raises Conflict `not_in_review`, Forbidden.
    """
    require_role(user, post.owner_id, approves=True)
    locked = lock_post(post.pk)
    if locked.state not in (State.IN_REVIEW, State.APPROVED):
        raise Conflict("not_in_review", _("This does not wait for anybody's approval."))
    if text.strip():
        Comment.objects.create(post=locked, author=user, text=text.strip(), created_at=now)
    Post.objects.filter(pk=post.pk).update(state=State.DRAFT, approved_by=None, updated_at=now)
    return Post.objects.get(pk=post.pk)
