"""A post's page: where it goes, every attempt, what is next, and what the team says of it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from sns.forms.team import CommentForm
from sns.models import Comment, Post, Publication
from sns.networks import NETWORKS
from sns.networks.reasons import MENDING
from sns.services import approving, scheduling, writing
from sns.services.teams import comment_on
from sns.times import instant_of
from sns.views.wording import repetition_in_words, what_is_next
from sns.views.workspace import Workspace, show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError

State, Single = Post.State, Publication.State
FAILED = (State.FAILED, State.PARTLY, State.MISSED)


class Action(NamedTuple):
    """A button: what it is called, how it looks, and what pressing it does."""

    key: str
    label: str
    kind: str = "quiet"


@require_safe
@sign_in_required
def show_post(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a post."""
    workspace = workspace_of(request)
    return _page(request, workspace, _post(workspace, pk))


@require_POST
@sign_in_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what a button of the page says: approve, send out, cancel, try again, delete."""
    workspace = workspace_of(request)
    post = _post(workspace, pk)
    wish = DECISIONS.get(request.POST.get("do", ""))
    if wish is None:
        raise Http404
    try:
        wish.does(user=request.user, post=post, now=clock.now())
    except DomainError as refusal:
        return _page(request, workspace, post, refusal=refusal)
    messages.success(request, wish.told())
    return redirect("sns:overview") if wish.ends else redirect("sns:post", pk)


@require_POST
@sign_in_required
def decide_publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Try one account again."""
    workspace = workspace_of(request)
    rows = Publication.objects.visible_to(request.user).filter(post__owner=workspace.owner)
    publication = get_object_or_404(rows, pk=pk)
    post = _post(workspace, publication.post_id)
    only = {"account_ids": [publication.account_id]}
    try:
        scheduling.retry_post(user=request.user, post=post, now=clock.now(), **only)
    except DomainError as refusal:
        return _page(request, workspace, post, refusal=refusal)
    messages.success(request, _("It is tried again. Look again in a few seconds."))
    return redirect("sns:post", post.pk)


@require_POST
@sign_in_required
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a post; with `return`, that it is to be changed before it goes out."""
    workspace = workspace_of(request)
    post = _post(workspace, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, workspace, post, form=form)
    said = {"user": request.user, "post": post, "text": form.cleaned_data["text"]}
    try:
        if "return" in request.POST:
            approving.send_back(**said, now=clock.now())
        else:
            comment_on(**said, now=clock.now())
    except DomainError as refusal:
        return _page(request, workspace, post, refusal=refusal)
    return redirect("sns:post", pk)


@require_POST
@sign_in_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a post go out on another day, at the same time by its clock; back to the calendar."""
    workspace = workspace_of(request)
    post = _post(workspace, pk)
    try:
        at = _on_day(post, date.fromisoformat(request.POST.get("day", "")))
    except ValueError as error:
        raise Http404 from error
    try:
        scheduling.schedule_post(user=request.user, post=post, at=at, now=clock.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is moved."))
    view = request.POST.get("view", "")
    query = f"?view=week&on={at.date()}" if view == "week" else f"?on={at.date()}"
    return redirect(reverse("sns:calendar") + query)


def _on_day(post: Post, day: date) -> datetime:
    if post.scheduled_at is None:
        raise ValueError
    zone = ZoneInfo(post.timezone)
    local = post.scheduled_at.astimezone(zone)
    return instant_of(datetime.combine(day, local.time()), zone)


def _post(workspace: Workspace, pk: int) -> Post:
    own = Post.objects.of_owners(workspace.owners).with_people()
    return get_object_or_404(own.with_variants(), pk=pk)


def _page(
    request: HttpRequest,
    workspace: Workspace,
    post: Post,
    *,
    refusal: DomainError | None = None,
    form: CommentForm | None = None,
) -> HttpResponse:
    rows = Publication.objects.filter(post=post).with_attempts().in_order()
    publications = [_publication(row) for row in rows]
    comments = Comment.objects.filter(post=post).select_related("author").order_by("created_at")
    context = {
        "post": post,
        "publications": publications,
        "comments": comments,
        "comment_form": form or CommentForm(),
        "refusal": refusal.message if refusal else "",
        "repetition": repetition_in_words(post),
        "what_next": what_is_next(post, workspace.needs_approval),
        "actions": _actions(post, workspace),
        "can_return": not workspace.needs_approval
        and post.state in (State.IN_REVIEW, State.APPROVED),
    }
    status = refusal.status if refusal else 400 if form else 200
    return show(request, "post_detail", context, workspace=workspace, status=status)


def _publication(row: Publication) -> dict[str, Any]:
    network = NETWORKS.get(row.account.network)
    actions = []
    if row.state in (Single.FAILED, Single.MISSED):
        actions = [Action("retry", _("Try again"))]
    elif row.state == Single.UNCONFIRMED and row.due_at is None:
        actions = [Action("retry", _("Look for it again"))]
    return {
        "row": row,
        "network": network.name if network else row.account.network,
        "attempts": row.attempts.all(),
        "mending": MENDING.get(row.reason_code, ""),
        "actions": actions,
    }


def _actions(post: Post, workspace: Workspace) -> list[Action]:
    """What can be done about a post, by whoever is looking; the likeliest first."""
    approves = not workspace.needs_approval
    ready = post.state == State.APPROVED or (approves and post.state in Post.UNSCHEDULED)
    possible = [
        (approves and post.state == State.IN_REVIEW, Action("approve", _("Approve"), "primary")),
        (post.state == State.DRAFT and not approves, _submit("primary")),
        (ready, Action("queue", _("Add to the queue"), "quiet" if _waits(post) else "primary")),
        (ready, Action("now", _("Publish now"))),
        (post.state == State.DRAFT and approves, _submit("quiet")),
        (post.state in FAILED, Action("retry", _("Try again"), "primary")),
        (post.state == State.SCHEDULED, Action("cancel", _("Cancel it"), "danger")),
        (
            post.state in (*Post.UNSCHEDULED, State.CANCELLED),
            Action("delete", _("Delete"), "plain"),
        ),
    ]
    return [action for is_possible, action in possible if is_possible]


def _waits(post: Post) -> bool:
    return post.state == State.IN_REVIEW


def _submit(kind: str) -> Action:
    return Action("review", _("Submit for review"), kind)


class Decision(NamedTuple):
    """What a button does, what is said then, and whether the post is gone after it."""

    does: Callable[..., object]
    told: Callable[[], str]
    ends: bool = False


def _delete(*, user: Any, post: Post, now: datetime) -> None:
    writing.delete_post(user=user, post=post)


DECISIONS: Mapping[str, Decision] = {
    "review": Decision(approving.submit_post, lambda: _("It waits for somebody to approve it.")),
    "approve": Decision(approving.approve_post, lambda: pgettext("post", "It is approved.")),
    "queue": Decision(scheduling.queue_post, lambda: _("It is scheduled.")),
    "now": Decision(
        scheduling.publish_now, lambda: _("It is on its way. Look again in a few seconds.")
    ),
    "cancel": Decision(scheduling.cancel_post, lambda: _("It is cancelled.")),
    "retry": Decision(
        scheduling.retry_post, lambda: _("It is tried again. Look again in a few seconds.")
    ),
    "delete": Decision(_delete, lambda: _("The post is deleted."), ends=True),
}
