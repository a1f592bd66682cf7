"""The API of entitlements: customers read what they may use."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from softfactory.kernel import clock
from softfactory.kernel.api.filters import refuse_unknown_parameters
from softfactory.kernel.api.viewsets import ApiViewSet
from subscriptions.serializers.entitlements import EntitlementsSerializer, entitlement_as_json
from subscriptions.services.entitlements import entitlements_of


class EntitlementViewSet(ApiViewSet):
    """What the caller may use, by subscription or without one."""

    scope = "subscriptions"
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=EntitlementsSerializer)
    def show(self, request: Request) -> Response:
        """Show what one may use of each feature, how much of it is used, and by what it is."""
        refuse_unknown_parameters(request, set())
        found = entitlements_of(request.user, now=clock.now())
        results = [entitlement_as_json(one) for one in found]
        return Response({"next": None, "previous": None, "results": results})
