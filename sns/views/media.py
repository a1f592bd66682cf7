"""Pictures of posts, shown to whoever works on them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sns.models import Media
from softfactory.kernel.http.pictures import answer_private
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.pictures import PRIVATE


@require_safe
@sign_in_required
def show_media(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture, as it was kept."""
    media = get_object_or_404(Media.objects.visible_to(request.user), pk=pk)
    return answer_private(PRIVATE, media.name)
