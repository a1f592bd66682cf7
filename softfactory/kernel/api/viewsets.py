"""The base of every viewset: deny by default, one query fetches all, versions guard writes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from softfactory.kernel.api.filters import narrows
from softfactory.kernel.api.throttles import ALLOWANCE, TooManyRequests
from softfactory.kernel.http import etag_of
from softfactory.kernel.http.etags import HasVersion


class ApiViewSet(GenericViewSet):
    """A viewset names its `scope` and queryset; what is public or staff's it lists by action.

    Public actions authenticate nobody: their answers are the same for all and may be cached.
    """

    scope: ClassVar[str]
    public_actions: ClassVar[frozenset[str]] = frozenset()
    staff_actions: ClassVar[frozenset[str]] = frozenset()
    ordering: ClassVar[Sequence[str]] = ("-created_at", "-id")
    #: What a row looks like in JSON, made of the columns that its queryset's `shown()` reads. The
    #: serializer describes the same in the schema and reads what clients send.
    as_json: ClassVar["staticmethod[[Mapping[str, Any]], dict[str, Any]]"]
    # One spelling per row: generations are named by what stands in the address.
    lookup_value_regex = "[1-9][0-9]{0,17}"

    def _action(self) -> str:
        if action := getattr(self, "action", None):
            return action
        method = getattr(self.request, "method", "") or ""
        return self.action_map.get(method.lower(), "") if self.action_map else ""

    @property
    def is_public(self) -> bool:
        """Whether this action asks nobody who they are."""
        return self._action() in self.public_actions

    @property
    def is_for_staff(self) -> bool:
        """Whether this action answers others than staff with 403."""
        return self._action() in self.staff_actions

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        made: Any = super().initialize_request(request, *args, **kwargs)
        # Asked for again and again; each time REST framework would miss them first.
        made.method, made.path = request.method, request.path
        made.META = request.META
        return made

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Read before anybody parses it: Idempotency-Key compares the bytes, which are gone then.
        _body = request.body
        super().initial(request, *args, **kwargs)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [] if self.is_public else super().get_authenticators()

    def get_ordering(self) -> Sequence[str]:
        """Return the columns that pages follow; together they are unique."""
        return self.ordering

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        # A relation that nobody asked for is a query per row: it fails instead.
        return super().filter_queryset(queryset.fetch_mode(models.FETCH_RAISE))

    def page_response(self, rows: QuerySet) -> Response:
        """Answer one page of these rows, narrowed by the query parameters."""
        narrowed: Any = self.filter_queryset(rows)
        page: Any = self.paginate_queryset(narrowed.shown())
        return self.get_paginated_response([self.as_json(row) for row in page])

    def named_page_response(self, rows: Callable[..., Any], *values: int) -> Response:
        """Answer one page of `rows(*values)`, such as `Chef.objects.active`.

        Its SQL is made once, unless the query parameters narrow it: keep to named queries, which
        are the same each time.
        """
        if narrows(self.request, self):
            return self.page_response(rows(*values))
        paginator: Any = self.paginator
        page = paginator.paginate_named(rows, values, self.request, self)
        return self.get_paginated_response([self.as_json(row) for row in page])

    def throttled(self, request: Request, wait: float | None) -> NoReturn:
        raise TooManyRequests(wait=wait)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Tell in `RateLimit-…` headers what the throttle left."""
        if allowance := request.META.get(ALLOWANCE):
            allowance.state_in(response)
        return super().finalize_response(request, response, *args, **kw)

    def finished(self, response: HttpResponse) -> HttpResponse:
        """Return the answer with its bytes made, which REST framework does later otherwise."""
        response = self.finalize_response(self.request, response, *self.args, **self.kwargs)
        return response.render() if isinstance(response, Response) else response

    def row_response(self, row: HasVersion, *, status: int = 200) -> Response:
        """Answer one versioned row, with its strong ETag."""
        return Response(self.as_json(vars(row)), status=status, headers={"ETag": etag_of(row)})
