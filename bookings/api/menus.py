"""The API of menus: everybody reads what can be booked, owners write."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Chef, Menu
from bookings.querysets import MenuQuerySet
from bookings.serializers.menus import MenuSerializer, menu_as_json
from bookings.services.menus import create_menu, edit_menu
from softfactory.kernel.api.filters import refuse_unknown_parameters
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import cached_reads, matched_versions
from softfactory.kernel.idempotency import idempotent


class ChefMenusViewSet(ApiViewSet):
    """The menus of a chef."""

    scope = "bookings"
    public_actions = frozenset({"menus"})
    queryset = Chef.objects.all()
    serializer_class = MenuSerializer
    as_json = staticmethod(menu_as_json)
    filter_backends = ()

    @extend_schema(responses=MenuSerializer(many=True))
    @action(detail=True)
    @cached_reads("chefs:{pk}")
    def menus(self, request: Request, pk: str) -> Response:
        """List what a chef offers, the last one first."""
        refuse_unknown_parameters(request, {"limit", "cursor"})
        response = self.page_response(Menu.objects.offered().of_chef(pk))
        if not response.data["results"]:
            get_object_or_404(Chef.objects.active(), pk=pk)
        return response

    @extend_schema(responses={201: MenuSerializer})
    @menus.mapping.post
    @idempotent
    def create_menu(self, request: Request, pk: str) -> Response:
        """Offer one more, as the chef's owner."""
        chef = get_object_or_404(Chef.objects.owned_by(request.user), pk=pk)
        body = MenuSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        menu = create_menu(chef=chef, details=body.validated_data)
        return self.row_response(menu, status=201)


class MenuViewSet(ApiViewSet):
    """One menu of one's own chef."""

    scope = "bookings"
    queryset = Menu.objects.all()
    serializer_class = MenuSerializer
    as_json = staticmethod(menu_as_json)
    filter_backends = ()

    def get_queryset(self) -> MenuQuerySet:
        return Menu.objects.owned_by(self.request.user)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show it, offered or not."""
        return self.row_response(self.get_object())

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change some of it. Who has booked it keeps what was agreed."""
        menu = self.get_object()
        versions = matched_versions(request)
        body = MenuSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        return self.row_response(
            edit_menu(menu=menu, versions=versions, changes=body.validated_data)
        )

    def destroy(self, request: Request, pk: str) -> Response:
        """Withdraw it: nobody can book it any more."""
        menu = self.get_object()
        versions = matched_versions(request) if "If-Match" in request.headers else None
        edit_menu(menu=menu, versions=versions, changes={"is_active": False})
        return Response(status=204)
