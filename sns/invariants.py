"""What must always be true of posts: each function counts what is not."""

from django.db.models import Exists, F, OuterRef, Q

from sns.models import Attempt, Post, Publication
from softfactory.kernel.db.triggers import has_triggers

State = Publication.State


def count_strange_publications() -> int:
    """Publications with more attempts at sending than times they were sent, or on the account of
    another owner than their post's.
    """
    foreign = ~Q(account__owner=F("post__owner"))
    return Publication.objects.filter(Q(tries__gt=F("claim")) | foreign).count()


def count_unproven_publications() -> int:
    """Published ones of which no attempt says so."""
    proof = Attempt.objects.filter(publication=OuterRef("pk"), outcome=Attempt.Outcome.DONE)
    return Publication.objects.filter(~Exists(proof), state=State.PUBLISHED).count()


def count_wrong_posts() -> int:
    """Posts that are over while something is still to be sent, or the other way round."""
    own = Publication.objects.filter(post=OuterRef("pk"))
    going = own.exclude(state__in=Publication.ENDED)
    over = Post.objects.exclude(state__in=Post.OPEN).filter(Exists(going))
    scheduled = Post.objects.filter(~Exists(going), state=Post.State.SCHEDULED)
    unscheduled = Post.objects.in_states(Post.UNSCHEDULED).filter(Exists(going))
    return over.count() + scheduled.count() + unscheduled.count()


def are_attempts_append_only() -> bool:
    """Tell whether the database still refuses to change attempts."""
    return has_triggers({Attempt._meta.db_table: 2})
