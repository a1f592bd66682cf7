"""The styleguide: every component with its states, for staff."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from softfactory.kernel import styleguide


@login_required
def show_styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, filled with examples; nothing to see for who is not staff."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    return render(request, "styleguide.html", styleguide.examples())
