"""Sentences about posts: what is next, and how one repeats."""

from babel.dates import get_day_names
from django.utils.translation import gettext as _

from sns.models import Post
from sns.times import Repetition
from softfactory.kernel.components.times import date_locale

State = Post.State


def what_is_next(post: Post, needs_approval: bool) -> str:
    """Return what happens with a post next, and who has to do something for it."""
    words = {
        State.DRAFT: _("It is a draft: it goes out once somebody says when."),
        State.IN_REVIEW: _("Somebody who approves posts looks at it next."),
        State.APPROVED: _("It is approved. Say when it goes out."),
        State.SCHEDULED: _("It goes out by itself. Until then you can change, move or cancel it."),
        State.PUBLISHED: _("It is everywhere. What people do with it is counted now and then."),
        State.PARTLY: _("It is there in part. What failed says why, and can be tried again."),
        State.FAILED: _("It did not get through. Each account below says why."),
        State.MISSED: _("Its time went by before it could be sent, and late it was not wanted."),
        State.CANCELLED: _("Nothing more of it is sent."),
    }
    if post.state == State.DRAFT and needs_approval:
        return _("It is a draft. Submit it, so that somebody can approve it.")
    return words[State(post.state)]


def repetition_in_words(post: Post) -> str:
    """Return how a post repeats; empty if it does not."""
    if not post.recurrence:
        return ""
    rule = Repetition.of(post.recurrence)
    names = get_day_names("wide", locale=date_locale())
    days = ", ".join(names[day] for day in rule.weekdays)
    text = _("Every week on %(days)s at %(at)s.")
    if rule.weeks > 1:
        text = _("Every %(weeks)s weeks on %(days)s at %(at)s.")
    return text % {"weeks": rule.weeks, "days": days, "at": f"{rule.at:%H:%M}"}
