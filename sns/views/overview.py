"""The queue: what is coming, what waits for approval, drafts, and what became of the rest."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sns.models import Post, SocialAccount
from sns.views.workspace import show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.components.times import date_locale
from softfactory.kernel.http.sign_in import sign_in_required

AHEAD = timedelta(days=60)
BACK = timedelta(days=30)
MOST_COMING, MOST_OTHERS = 60, 20

State = Post.State
OVER = (State.PUBLISHED, State.PARTLY, State.FAILED, State.MISSED)


@require_safe
@sign_in_required
def show_overview(request: HttpRequest) -> HttpResponse:
    """What is planned, in the order in which it goes out."""
    workspace, now = workspace_of(request), clock.now()
    accounts = list(SocialAccount.objects.of_owners(workspace.owners).connected().newest_first())
    own = Post.objects.of_owners(workspace.owners).with_accounts()
    coming = own.in_states([State.SCHEDULED]).between(now - BACK, now + AHEAD)[:MOST_COMING]
    waiting = own.in_states([State.DRAFT, State.IN_REVIEW, State.APPROVED]).newest_first()
    open_posts = list(waiting[:MOST_OTHERS])
    past = list(own.in_states(OVER).between(now - BACK, now).reverse()[:MOST_OTHERS])
    context = {
        "accounts": accounts,
        "broken": [account for account in accounts if account.broken_reason],
        "review": [post for post in open_posts if post.state != State.DRAFT],
        "drafts": [post for post in open_posts if post.state == State.DRAFT],
        "days": list(_by_day(coming)),
        "past": past,
    }
    context["has_any"] = any(context[name] for name in ("review", "drafts", "days", "past"))
    return show(request, "overview", context, workspace=workspace)


def _by_day(posts: Iterable[Post]) -> Iterable[dict[str, Any]]:
    """Posts by the day on which each goes out, in its own zone."""
    locale = date_locale()

    def day_of(post: Post) -> Any:
        return post.scheduled_at.astimezone(ZoneInfo(post.timezone)).date()

    for day, of_day in groupby(posts, key=day_of):
        yield {"name": format_skeleton("MMMMEEEEd", day, locale=locale), "posts": list(of_day)}
