"""The API of products: everybody reads, staff writes."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import cached_reads, matched_versions
from softfactory.kernel.idempotency import idempotent
from subscriptions.models import Product
from subscriptions.querysets import ProductQuerySet
from subscriptions.serializers.products import ProductSerializer, product_as_json
from subscriptions.services import products


class ProductViewSet(ApiViewSet):
    """What the platform sells. Products that are not sold any more are staff's alone to change."""

    scope = "subscriptions"
    public_actions = frozenset({"list", "retrieve"})
    staff_actions = frozenset({"create", "partial_update", "destroy"})
    serializer_class = ProductSerializer
    as_json = staticmethod(product_as_json)
    queryset = Product.objects.all()
    ordering = ("name", "id")
    lookup_field = "slug"
    lookup_value_regex = r"[-\w]{1,60}"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.visible_to(self.request.user).with_plans()

    @cached_reads("products")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what is sold, by name, each product with its plans."""
        return self.page_response(self.get_queryset())

    @cached_reads("products", strong=True)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Show one product with its plans."""
        return self.row_response(self.get_object())

    @idempotent
    def create(self, request: Request) -> Response:
        """Add a product with its plans, as staff."""
        product = products.create_product(**self._validated(request))
        response = self.row_response(product, status=201)
        response.headers["Location"] = f"{request.path}/{product.slug}"
        return response

    def partial_update(self, request: Request, slug: str) -> Response:
        """Change a product, as staff. `plans`, if sent, replaces all of its plans."""
        versions = matched_versions(request)
        columns = self._validated(request, partial=True)
        product = products.edit_product(product=self.get_object(), versions=versions, **columns)
        return self.row_response(product)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, slug: str) -> Response:
        """Delete a product with its plans, as staff."""
        versions = matched_versions(request) if "If-Match" in request.headers else None
        products.delete_product(product=self.get_object(), versions=versions)
        return Response(status=204)

    def _validated(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
