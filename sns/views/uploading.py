"""Pictures that the composer takes: uploaded with the form, or as soon as they are chosen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from sns.forms.composing import MOST_PICTURES, alt_name
from sns.models import Media
from sns.services.pictures import add_picture
from sns.views.workspace import Workspace, workspace_of
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@require_POST
@sign_in_required
def add_pictures(request: HttpRequest) -> HttpResponse:
    """Keep pictures that were chosen, and show them with their fields."""
    workspace = workspace_of(request)
    pictures, refusals = keep_uploads(request, workspace)
    return render(request, "sns/shots.html", {"pictures": pictures, "refusals": refusals})


def pictures_of(request: HttpRequest, workspace: Workspace) -> list[Media]:
    """The pictures that the form has, in order, with what was typed of them; not yet stored."""
    wanted = [int(pk) for pk in request.POST.getlist("media") if _is_id(pk)]
    dropped = set(request.POST.getlist("drop"))
    wanted = [pk for pk in dict.fromkeys(wanted) if str(pk) not in dropped][:MOST_PICTURES]
    rows = Media.objects.of_owners(workspace.owners).filter(pk__in=wanted) if wanted else []
    found = {media.pk: media for media in rows}
    pictures = [found[pk] for pk in wanted if pk in found]
    for media in pictures:
        media.alt = request.POST.get(alt_name(media), media.alt).strip()[:1_500]
    return pictures


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18


def keep_uploads(request: HttpRequest, workspace: Workspace) -> tuple[list[Media], list[str]]:
    """Keep what was uploaded; return it, and in words what could not be."""
    kept, refusals = [], []
    for file in request.FILES.getlist("files")[:MOST_PICTURES]:
        try:
            kept.append(add_picture(owner=workspace.owner, content=file.read()))
        except DomainError as refusal:
            refusals.append(f"{file.name}: {refusal.message}")
    return kept, refusals
