"""Query parameters: those a list knows, and no others."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from softfactory.kernel.problems import InvalidRequest


def refuse_unknown_parameters(request: Request, known: set[str]) -> None:
    """Raise InvalidRequest naming every query parameter that is not in `known`."""
    unknown = [
        {"field": name, "code": "unknown", "message": _("There is no such parameter.")}
        for name in request.query_params
        if name not in known
    ]
    if unknown:
        raise InvalidRequest("invalid", _("Some query parameters are unknown."), errors=unknown)


class QueryForm(forms.Form):
    """Query parameters: one that is there has a value, unless it is mere text."""

    def clean(self) -> None:
        for name, field in self.fields.items():
            is_text = isinstance(field, forms.CharField)
            if self.data.get(name) == "" and not is_text:
                self.add_error(name, ValidationError(_("Send a value, or leave it out."), "empty"))


def narrows(request: Request, view: Any) -> bool:
    """Tell whether this request wants less than the whole list.

    Raises InvalidRequest for parameters that nobody reads.
    """
    filters = getattr(view, "filterset_class", None)
    known = set(filters.base_filters) if filters else set()
    refuse_unknown_parameters(request, known | {"limit", "cursor"})
    return not known.isdisjoint(request.query_params)


class StrictFilterBackend(DjangoFilterBackend):
    """Filters lists by the view's filter set, and refuses parameters that nobody reads."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if view.detail:
            refuse_unknown_parameters(request, set())
            return queryset
        if not narrows(request, view):
            return queryset  # a filter set is dear to make, and would change nothing
        return super().filter_queryset(request, queryset, view)
