"""The styleguide: every component with its states, for staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from softfactory.kernel import styleguide
from softfactory.kernel.http.sign_in import staff_required


@staff_required
def show_styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, filled with examples; nothing to see for who is not staff."""
    return render(request, "styleguide.html", styleguide.examples())
