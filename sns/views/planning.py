"""Campaigns with what people did with their posts, and templates."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from sns.forms.planning import CampaignForm, TemplateForm
from sns.models import Campaign, Post, Template
from sns.placeholders import PLACEHOLDERS
from sns.services import planning
from sns.views.workspace import show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError

MOST_ROWS = 100
MOST_BARS = 20
WIDTH, HEIGHT, FOOT = 600, 180, 24  # of the drawing, in its own units
PARTS = ("likes", "replies", "reposts")


class Bar(NamedTuple):
    """A post's column in the chart: where it stands, and its parts from the ground up."""

    x: float
    width: float
    parts: Sequence[dict[str, Any]]
    label: str
    post: Post


@form_page
@sign_in_required
def list_campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns, and a form for another."""
    workspace = workspace_of(request)
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = planning.create_campaign(
                user=request.user, owner=workspace.owner, now=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect("sns:campaign", campaign.pk)
    own = Campaign.objects.of_owners(workspace.owners)
    context = {"campaigns": own.with_counts().newest_first()[:MOST_ROWS], "form": form}
    return show(request, "campaign_list", context, workspace=workspace)


@form_page
@sign_in_required
def show_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """A campaign's posts, what people did with them, and its form."""
    workspace = workspace_of(request)
    campaign = get_object_or_404(Campaign.objects.of_owners(workspace.owners), pk=pk)
    if request.method == "POST" and "delete" in request.POST:
        planning.delete_campaign(user=request.user, campaign=campaign)
        messages.success(request, _("The campaign is gone. Its posts are still there."))
        return redirect("sns:campaigns")
    names = ("name", "utm_campaign", "starts_on", "ends_on")
    form = CampaignForm(
        request.POST or None, initial={name: getattr(campaign, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit_campaign(user=request.user, campaign=campaign, **form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The campaign is saved."))
            return redirect("sns:campaign", pk)
    rows = Post.objects.filter(campaign=campaign).with_accounts()
    posts = list(rows.with_reactions().order_by("-scheduled_at", "-pk")[:MOST_ROWS])
    context = {"campaign": campaign, "posts": posts, "form": form, "chart": _chart(posts)}
    return show(request, "campaign_detail", context, workspace=workspace)


@form_page
@sign_in_required
def list_templates(request: HttpRequest) -> HttpResponse:
    """The templates, and a form for another."""
    workspace = workspace_of(request)
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planning.create_template(
                user=request.user, owner=workspace.owner, now=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The template is saved."))
            return redirect("sns:templates")
    rows = Template.objects.of_owners(workspace.owners).newest_first()[:MOST_ROWS]
    context = {"templates": rows, "form": form, "placeholders": _placeholders()}
    return show(request, "template_list", context, workspace=workspace)


@form_page
@sign_in_required
def show_template(request: HttpRequest, pk: int) -> HttpResponse:
    """A template to change or delete."""
    workspace = workspace_of(request)
    template = get_object_or_404(Template.objects.of_owners(workspace.owners), pk=pk)
    if request.method == "POST" and "delete" in request.POST:
        planning.delete_template(user=request.user, template=template)
        messages.success(request, _("The template is gone."))
        return redirect("sns:templates")
    initial = {"name": template.name, "text": template.text}
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit_template(user=request.user, template=template, **form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The template is saved."))
            return redirect("sns:templates")
    context = {"template": template, "form": form, "placeholders": _placeholders()}
    return show(request, "template_edit", context, workspace=workspace)


def _placeholders() -> list[tuple[str, Any]]:
    return [(f"{{{name}}}", words) for name, words in PLACEHOLDERS.items()]


def _chart(posts: Sequence[Post]) -> dict[str, Any]:
    """What people did with each of the last posts, as columns in the order of their times."""
    shown = [post for post in posts if post.reaction_count is not None][:MOST_BARS][::-1]
    most = max((post.reaction_count for post in shown), default=0)
    if not most:
        return {"bars": []}
    step = WIDTH / len(shown)
    width = min(48.0, step * 0.7)
    names = [Truncator(str(post)).chars(40) for post in shown]
    bars = [
        Bar(n * step + (step - width) / 2, width, _parts(post, most), name, post)
        for n, (post, name) in enumerate(zip(shown, names, strict=True))
    ]
    return {"bars": bars, "most": most, "width": WIDTH, "height": HEIGHT, "ground": HEIGHT - FOOT}


def _parts(post: Post, most: int) -> list[dict[str, Any]]:
    """Heights of likes, replies and reposts, each on top of the one before."""
    ground, room = HEIGHT - FOOT, HEIGHT - 2 * FOOT
    parts, y = [], float(ground)
    for name in PARTS:
        height = room * (getattr(post, name) or 0) / most
        y -= height
        parts.append({"name": name, "y": round(y, 1), "height": round(height, 1)})
    return parts
