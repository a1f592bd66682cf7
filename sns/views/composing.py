"""The composer: a post is written once, shown as each network will have it, and given a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sns.forms.beginning import BeginForm
from sns.forms.composing import (
    AT,
    NOW,
    REPEAT,
    PostForm,
    as_written,
    variant_name,
)
from sns.models import Campaign, Media, Post, SocialAccount
from sns.networks import NETWORKS
from sns.services.approving import submit_post
from sns.services.pictures import describe_picture
from sns.services.previewing import Preview, Writing, preview_post
from sns.services.scheduling import publish_now, queue_post, schedule_post
from sns.services.writing import duplicates_of, edit_post, write_post
from sns.text.units import measure
from sns.views.once import key_for, once
from sns.views.uploading import keep_uploads, pictures_of
from sns.views.workspace import Workspace, show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError

#: Of whom one chooses in a composer: more would be no choice.
MOST_CAMPAIGNS, MOST_TEMPLATES = 100, 100


@form_page
@sign_in_required
def create_post(request: HttpRequest) -> HttpResponse:
    """An empty composer, or one that a template, a campaign or a day of the calendar begins."""
    workspace = workspace_of(request)
    begin = BeginForm(request.GET or None, owner=workspace.owner, now=clock.now())
    return _compose(request, workspace, None, begin)


@form_page
@sign_in_required
def change_post(request: HttpRequest, pk: int) -> HttpResponse:
    """The composer with what is written already."""
    workspace = workspace_of(request)
    own = Post.objects.of_owners(workspace.owners).in_states(Post.OPEN)
    post = get_object_or_404(own.with_variants(), pk=pk)
    return _compose(request, workspace, post, None)


@require_POST
@sign_in_required
def show_preview(request: HttpRequest) -> HttpResponse:
    """How what was typed so far will look, for the composer to show; nothing is stored."""
    workspace = workspace_of(request)
    form = _form(request, workspace, request.POST)
    form.is_valid()  # what is wrong with a part of it says nothing of the rest
    return render(
        request, "sns/previews.html", _seen(form, workspace, pictures_of(request, workspace))
    )


def _compose(
    request: HttpRequest, workspace: Workspace, post: Post | None, begin: BeginForm | None
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = _form(request, workspace, typed)
    form.initial = _begun(post, begin, workspace, form.account_rows)
    pictures = [shown.media for shown in post.pictures.all()] if post else []
    refusals: list[str] = []
    if request.method == "POST":
        added, refusals = keep_uploads(request, workspace)
        pictures = [*pictures_of(request, workspace), *added]
        if form.is_valid() and not refusals:
            try:
                saved = once(
                    request,
                    now=form.now,
                    make=lambda: str(_save(request, workspace, form, post, pictures).pk),
                )
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _told(form))
                return redirect("sns:post", int(saved))
    context = {
        "form": form,
        "post": post or Post(),
        "accounts": form.account_rows,
        "begin_form": begin,
        "templates": begin.has_templates if begin else False,
        "template_refusal": begin.refusal if begin else "",
        "chosen_template": bool(begin and begin.text),
        "pictures": pictures,
        "refusals": refusals,
        "once": key_for(request),
        "opening": _opening(form),
        **_around(form),
        **_seen(form, workspace, pictures, post=post),
    }
    status = 400 if form.errors or refusals else 200
    return show(request, "post_form", context, workspace=workspace, status=status)


def _form(request: HttpRequest, workspace: Workspace, typed: Any) -> PostForm:
    accounts = SocialAccount.objects.of_owners(workspace.owners).connected().order_by("pk")
    campaigns = Campaign.objects.of_owners(workspace.owners).newest_first()[:MOST_CAMPAIGNS]
    return PostForm(
        typed,
        accounts=[row for row in accounts if row.network in NETWORKS],
        campaigns=list(campaigns),
        owner=workspace.owner,
        now=clock.now(),
    )


def _begun(
    post: Post | None,
    begin: BeginForm | None,
    workspace: Workspace,
    accounts: Sequence[SocialAccount],
) -> dict[str, Any]:
    """What stands in a composer that was opened just now; an only account is chosen already."""
    if post is not None:
        return as_written(post, accounts)
    only = [row.pk for row in accounts] if len(accounts) == 1 else []
    first: dict[str, Any] = {"timezone": workspace.owner.timezone, "accounts": only}
    return {**first, **(begin.begun if begin else {})}


def _told(form: PostForm) -> str:
    """What was done, by the button that was pressed."""
    if form.data.get("do") == "review":
        return _("It waits for somebody to approve it.")
    if not form.is_scheduling:
        return _("The draft is saved.")
    if form.cleaned_data["when"] == NOW:
        return _("It is on its way. Look again in a few seconds.")
    return _("It is scheduled.")


def _save(
    request: HttpRequest,
    workspace: Workspace,
    form: PostForm,
    post: Post | None,
    pictures: Sequence[Media],
) -> Post:
    """Store what was written, and do what the button that was pressed says."""
    user: Any = request.user
    now = form.now
    for media in pictures:
        describe_picture(media=Media.objects.get(pk=media.pk), alt=media.alt)
    content = _content(form)
    if post is None:
        saved = write_post(
            user=user,
            owner=workspace.owner,
            now=now,
            media=[media.pk for media in pictures],
            **content,
        )
    else:
        media = [media.pk for media in pictures]
        saved = edit_post(user=user, post=post, versions=None, now=now, media=media, **content)
    return _onward(request, form, saved)


def _content(form: PostForm) -> dict[str, Any]:
    cleaned, repetition = form.cleaned_data, form.repetition
    return {
        "text": cleaned["text"],
        "title": cleaned["title"],
        "link": cleaned["link"],
        "utm": form.utm,
        "campaign": cleaned["campaign"],
        "timezone": cleaned["timezone"],
        "recurrence": repetition.stored() if repetition and form.is_scheduling else None,
        **form.opening,
        **form.quote,
        "accounts": [row.pk for row in form.chosen],
        "variants": form.variants,
    }


def _onward(request: HttpRequest, form: PostForm, post: Post) -> Post:
    user: Any = request.user
    now, wish = form.now, request.POST.get("do")
    if wish == "review":
        return submit_post(user=user, post=post, now=now)
    if wish != "schedule":
        return post
    when = form.cleaned_data["when"]
    if when == NOW:
        return publish_now(user=user, post=post, now=now)
    if when in (AT, REPEAT):
        return schedule_post(user=user, post=post, at=_instant(form), now=now)
    return queue_post(user=user, post=post, now=now)


def _instant(form: PostForm) -> Any:
    repetition = form.repetition
    if repetition is None:
        return form.instant
    first = repetition.next_after(form.now, form.zone)
    if first is None:
        raise DomainError("repeats_never", _("It would never go out. Choose a later last day."))
    return first


def _around(form: PostForm) -> dict[str, Any]:
    """Counters, and which folded parts of the form have something in them."""
    text = _typed(form, "text")
    counters = [_counter(row, text) for row in form.account_rows]
    variants = [
        {"field": field, "counters": [_counter(row, _typed(form, field.name), alone=True)]}
        for row, field in form.variant_fields
    ]
    extras = ("link", "title", "campaign", "utm_source", "utm_medium", "utm_campaign")
    return {
        "counters": counters,
        "variants": variants,
        "has_variants": any(_typed(form, variant_name(row)) for row in form.account_rows),
        "has_extras": any(_typed(form, name) for name in extras),
    }


def _opening(form: PostForm) -> dict[str, Any] | None:
    """The free time that the post is about, if it is about one."""
    written = form["slot"].value()
    if not written or form.chef_row is None:
        return None
    try:
        return {"chef": form.chef_row, "at": datetime.fromisoformat(str(written))}
    except ValueError:
        return None


def _typed(form: PostForm, name: str) -> str:
    return str(form[name].value() or "")


def _counter(account: SocialAccount, text: str, *, alone: bool = False) -> dict[str, Any]:
    rules = NETWORKS[account.network].rules(account.facts)
    return {
        "account": "" if alone else account.pk,
        "name": "" if alone else account.handle,
        "rules": rules,
        "length": measure(text, rules),
    }


def _seen(
    form: PostForm, workspace: Workspace, pictures: Sequence[Media], *, post: Post | None = None
) -> dict[str, Any]:
    """The previews of what is in the form, and what the owner said already."""
    previews: list[Preview] = []
    if form.is_bound:
        draft, variants, accounts = form.post(), form.variants, form.chosen
        campaigns = {row.pk: row for row in form.campaign_rows}
        draft.campaign = campaigns.get(draft.campaign_id)
    else:
        draft = Post(text=_typed(form, "text"), title=_typed(form, "title"))
        draft.link, draft.utm = _typed(form, "link"), (post.utm if post else {})
        draft.campaign = post.campaign if post else None
        chosen = set(form["accounts"].value() or [])
        accounts = [row for row in form.account_rows if row.pk in chosen]
        variants = {row.pk: _typed(form, variant_name(row)) for row in accounts}
    writing = Writing(draft, variants, pictures)
    previews = preview_post(writing=writing, accounts=accounts, now=form.now)
    same = duplicates_of(owner_id=workspace.owner.pk, text=draft.text, now=form.now, but=post)
    return {
        "previews": previews,
        "duplicate": same[0] if same else None,
        "owner_name": workspace.owner.get_short_name(),
    }
