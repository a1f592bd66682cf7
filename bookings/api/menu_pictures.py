"""The API of menus' pictures: owners upload and remove them."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Menu
from bookings.querysets import MenuQuerySet
from bookings.serializers.menus import MenuSerializer, NewPictureSerializer, menu_as_json
from bookings.services.menus import remove_picture, set_picture
from softfactory.kernel.api.uploads import UploadViewSet
from softfactory.kernel.http import matched_versions


class MenuPictureViewSet(UploadViewSet):
    """The picture of a menu of one's own chef."""

    scope = "bookings"
    queryset = Menu.objects.all()
    serializer_class = MenuSerializer
    as_json = staticmethod(menu_as_json)
    filter_backends = ()
    takes_files = frozenset({"PUT"})

    def get_queryset(self) -> MenuQuerySet:
        return Menu.objects.owned_by(self.request.user)

    @extend_schema(
        request={"multipart/form-data": NewPictureSerializer}, responses={200: MenuSerializer}
    )
    @action(detail=True, methods=["put"])
    def picture(self, request: Request, pk: str) -> Response:
        """Show another picture: its pixels are kept, and nothing that the file says besides.

        Narrower copies of it follow.
        """
        menu, versions = self.get_object(), matched_versions(request)
        body = NewPictureSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        content, alt = body.validated_data["file"].read(), body.validated_data["alt"]
        shown = set_picture(menu=menu, content=content, alt=alt, versions=versions)
        return self.row_response(shown)

    @extend_schema(request=None, responses={204: None})
    @picture.mapping.delete
    def remove_picture(self, request: Request, pk: str) -> Response:
        """Show none any more."""
        menu = self.get_object()
        versions = matched_versions(request) if "If-Match" in request.headers else None
        remove_picture(menu=menu, versions=versions)
        return Response(status=204)
