"""Who works on one's posts, and whose posts one works on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sns.forms.team import SeatForm
from sns.models import Seat
from sns.services.teams import give_seat, take_seat_back
from sns.views.workspace import CHOSEN, show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@form_page
@sign_in_required
def show_team(request: HttpRequest) -> HttpResponse:
    """The seats of the workspace, a form to give one, and the workspaces one has a seat in."""
    workspace = workspace_of(request)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and workspace.is_another:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            give_seat(owner=workspace.owner, now=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("They can work on your posts now."))
            return redirect("sns:team")
    context = {
        "seats": Seat.objects.filter(owner=workspace.owner).with_people().in_order(),
        "elsewhere": Seat.objects.filter(user=request.user).with_people().in_order(),
        "form": form,
    }
    return show(request, "team", context, workspace=workspace)


@require_POST
@sign_in_required
def end_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a seat that one gave, or leave one that one has."""
    mine = Seat.objects.filter(owner=request.user) | Seat.objects.filter(user=request.user)
    take_seat_back(seat=get_object_or_404(mine, pk=pk))
    messages.success(request, _("The seat is taken back. What was written stays."))
    return redirect("sns:team")


@require_POST
@sign_in_required
def choose_workspace(request: HttpRequest) -> HttpResponse:
    """Go on with the posts of another owner, or with one's own."""
    wanted = request.POST.get("owner", "")
    owner = int(wanted) if wanted.isdecimal() and len(wanted) <= 18 else 0
    if owner == request.user.pk:
        request.session.pop(CHOSEN, None)
    elif Seat.objects.filter(owner=owner, user=request.user).exists():
        request.session[CHOSEN] = owner
    else:
        raise Http404
    return redirect("sns:overview")
