"""Posts from a spreadsheet, with a report of each line."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sns.forms.planning import ImportForm
from sns.importing import COLUMNS, MOST_BYTES
from sns.models import SocialAccount
from sns.services.importing import import_posts
from sns.views.once import new_key, once
from sns.views.workspace import show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import Conflict, DomainError


@form_page
@sign_in_required
def import_page(request: HttpRequest) -> HttpResponse:
    """A form for a CSV file; posting it writes its posts and shows what became of each line."""
    workspace = workspace_of(request)
    initial = {"timezone": workspace.owner.timezone}
    form = ImportForm(request.POST or None, request.FILES or None, initial=initial)
    lines = None
    if request.method == "POST" and form.is_valid():
        try:
            _claim(request)
            lines = import_posts(
                user=request.user,
                owner=workspace.owner,
                content=form.cleaned_data["file"].read(MOST_BYTES + 1),
                timezone=form.cleaned_data["timezone"],
                now=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
    accounts = SocialAccount.objects.of_owners(workspace.owners).connected().newest_first()
    context = {
        "form": form,
        "once": new_key(),
        "lines": lines,
        "good": sum(1 for line in lines or () if line.post),
        "columns": ",".join(COLUMNS),
        "handles": [account.handle for account in accounts],
    }
    return show(request, "import", context, workspace=workspace)


def _claim(request: HttpRequest) -> None:
    """Let a file be imported once. Raises Conflict `imported_already` the second time."""
    mine = secrets.token_urlsafe(8)
    if once(request, now=clock.now(), make=lambda: mine) != mine:
        message = _("This file was imported already. Look in the queue and among the drafts.")
        raise Conflict("imported_already", message)
