"""Pages: which methods those with a form take, and such as are made only if what they show was not
shown before.
"""

from collections.abc import Hashable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from softfactory.kernel.fragments import fragments

#: A view that shows a form, and takes what was filled in.
form_page = require_http_methods(["GET", "HEAD", "POST"])


def render_once(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, shows: Hashable
) -> HttpResponse:
    """Return a page that is kept as a whole, known by its address and by all that it shows.

    It is for cached reads: nothing about a person may stand in it.
    """

    def make() -> bytes:
        return render_to_string(template, dict(context), request).encode()

    if settings.DEBUG:  # templates change under a running server
        return HttpResponse(make())
    key = (template, get_language(), request.get_full_path(), shows)
    return HttpResponse(fragments.get(key, make))
