"""Pictures as answers: for everybody and for good, or for whom a view lets see them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from softfactory.kernel.http.etags import conditional
from softfactory.kernel.pictures import PUBLIC, Shelf
from softfactory.kernel.pictures.shelves import content_type_of

YEAR = 31_536_000  # seconds


@require_safe
def show_public_picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of the public shelf."""
    return answer_for_good(request, PUBLIC, name)


def answer_for_good(request: HttpRequest, shelf: Shelf, name: str) -> HttpResponse:
    """Return a picture for everybody. Its name says all that is in it, so that it never changes.

    Raises Http404.
    """
    found = answer_private(shelf, name)
    found.headers["ETag"] = f'"{name.partition(".")[0]}"'
    response = conditional(request, found)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.is_public = True  # type: ignore[attr-defined]
    return response


def answer_private(shelf: Shelf, name: str) -> HttpResponse:
    """Return a picture for the one who was found to be allowed to see it. Raises Http404."""
    try:
        content = shelf.read(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=content_type_of(name))
    response.headers["Content-Disposition"] = "inline"
    return response
