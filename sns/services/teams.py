"""Teams: an owner's own posts are theirs; others write them, or approve them too, from a seat."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from sns.models import Comment, Post, Seat
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, DomainError, Forbidden, NotFound
from subscriptions.services.entitlements import require
from subscriptions.services.locking import lock_customer


class Role(StrEnum):
    """What somebody is to an owner's posts."""

    OWNER = "owner"
    APPROVER = "approver"
    AUTHOR = "author"

    @property
    def approves(self) -> bool:
        """Whether what they schedule needs nobody else."""
        return self is not Role.AUTHOR


def role_in(user: User, owner_id: int) -> Role | None:
    """Return what the user is to an owner's posts; None: nothing, they don't see them."""
    if user.pk == owner_id:
        return Role.OWNER
    seat = Seat.objects.filter(owner=owner_id, user=user).first()
    return Role(seat.role) if seat else None


def require_role(user: User, owner_id: int, *, approves: bool = False) -> Role:
    """Return the same. Raises NotFound for whom there is none; Forbidden (`not_approver`) for who
    only writes, where it takes somebody who approves.
    """
    role = role_in(user, owner_id)
    if role is None:
        raise NotFound("not_found", _("There is no such workspace, or it is not yours."))
    if approves and not role.approves:
        raise Forbidden("not_approver", _("Ask somebody who approves posts to do this."))
    return role


def owner_of(user: User, owner_id: int | None) -> User:
    """Return the owner that a user works for, themselves unless said. Raises NotFound."""
    if owner_id is None or owner_id == user.pk:
        return user
    require_role(user, owner_id)
    return User.objects.get(pk=owner_id)


def require_owner(user: User, owner_id: int) -> None:
    """Raise NotFound or Forbidden (`not_owner`) unless the user owns it."""
    if require_role(user, owner_id) is not Role.OWNER:
        raise Forbidden("not_owner", _("Its owner alone does this."))


@transactional
def give_seat(*, owner: User, email: str, role: str, now: datetime) -> Seat:
    """Let somebody who has an account here work on the owner's posts, or change what they may do.

    Raises DomainError `no_such_user`; Conflict as `entitlements.require` does, for `sns.seats`,
    and for `sns.approval` if they are to approve.
    """
    lock_customer(owner.pk)
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None or user == owner:
        message = _("Nobody else has an account here under this address. Ask them to sign up.")
        raise DomainError("no_such_user", message)
    if role == Seat.Role.APPROVER:
        require(owner, "sns.approval", now=now)
    seat = Seat.objects.filter(owner=owner, user=user).first()
    if seat is None:
        require(owner, "sns.seats", now=now, used=count_seats(owner.pk))
        return Seat.objects.create(owner=owner, user=user, role=role, created_at=now)
    Seat.objects.filter(pk=seat.pk).update(role=role)
    seat.role = role
    return seat


def take_seat_back(*, seat: Seat) -> None:
    """Let somebody not see the owner's posts any more. What they wrote stays."""
    Seat.objects.filter(pk=seat.pk).delete()


def count_seats(owner_id: int) -> int:
    """Return how many others work on an owner's posts."""
    return Seat.objects.filter(owner=owner_id).count()


def comment_on(*, user: User, post: Post, text: str, now: datetime) -> Comment:
    """Say something about a post, to whoever works on it. Raises Conflict for an empty text."""
    require_role(user, post.owner_id)
    if not text.strip():
        raise Conflict("empty_comment", _("Write something."))
    return Comment.objects.create(post=post, author=user, text=text.strip(), created_at=now)
