"""The API of chefs: everybody reads those who take bookings, owners create and edit their own."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.filters import CHEF_ORDERS, DEFAULT_ORDER, ChefFilters
from bookings.models import Chef
from bookings.querysets import ChefQuerySet
from bookings.serializers.chefs import ChefSerializer, chef_as_json
from bookings.services.chefs import create_chef, edit_chef
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import cached_reads, matched_versions
from softfactory.kernel.idempotency import idempotent


class ChefViewSet(ApiViewSet):
    """Chefs. One who takes no bookings is nobody's to read; the owner still edits it."""

    scope = "bookings"
    public_actions = frozenset({"list", "retrieve"})
    queryset = Chef.objects.all()
    serializer_class = ChefSerializer
    as_json = staticmethod(chef_as_json)
    filterset_class = ChefFilters

    def get_queryset(self) -> ChefQuerySet:
        if self.is_public:
            return Chef.objects.active()
        return Chef.objects.owned_by(self.request.user)

    def get_ordering(self) -> Sequence[str]:
        return CHEF_ORDERS[self.request.query_params.get("sort") or DEFAULT_ORDER]

    def list(self, request: Request) -> Response:
        """List chefs who take bookings."""
        if "available_on" in request.query_params:
            return self._list_of_the_minute(request)
        return self._list(request)

    @cached_reads("chefs")
    def _list(self, request: Request) -> Response:
        return self.named_page_response(Chef.objects.active)

    @cached_reads("chefs", "calendar", clocked=True)
    def _list_of_the_minute(self, request: Request) -> Response:
        return self.page_response(self.get_queryset())

    @cached_reads("chefs:{pk}", strong=True)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one chef."""
        return self.row_response(self.get_object())

    @idempotent
    def create(self, request: Request) -> Response:
        """Create a chef of one's own. It works at no time until its availability is set."""
        chef = create_chef(owner=request.user, details=self._validated(request))
        response = self.row_response(chef, status=201)
        response.headers["Location"] = f"{request.path}/{chef.pk}"
        return response

    @extend_schema(request=ChefSerializer)
    def update(self, request: Request, pk: str) -> Response:
        """Replace what is said of one's chef."""
        return self._edit(request, partial=False)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change some of what is said of one's chef."""
        return self._edit(request, partial=True)

    def _edit(self, request: Request, *, partial: bool) -> Response:
        chef = self.get_object()
        versions = matched_versions(request)
        changes = self._validated(request, partial=partial)
        return self.row_response(edit_chef(chef=chef, versions=versions, changes=changes))

    def _validated(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
