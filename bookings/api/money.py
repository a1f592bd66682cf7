"""The API of a chef's money: what customers are asked for, and what the chef has earned."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Chef
from bookings.querysets import ChefQuerySet
from bookings.serializers.money import (
    EarningsSerializer,
    PolicySerializer,
    earnings_as_json,
    policy_as_json,
)
from bookings.services.chefs import replace_policy
from bookings.services.earning import payable, turns_of
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import cached_reads, etag_of, matched_versions


class ChefMoneyViewSet(ApiViewSet):
    """What a chef asks and earns."""

    scope = "bookings"
    public_actions = frozenset({"policy"})
    queryset = Chef.objects.all()
    serializer_class = PolicySerializer
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> ChefQuerySet:
        if self.is_public:
            return Chef.objects.active().with_policy()
        return Chef.objects.owned_by(self.request.user)

    @action(detail=True)
    @cached_reads("chefs:{pk}", strong=True)
    def policy(self, request: Request, pk: str) -> Response:
        """Show what the chef asks to be paid here, and what cancelling costs."""
        return self._answer(self.get_object())

    @policy.mapping.put
    def replace_policy(self, request: Request, pk: str) -> Response:
        """Replace it, for bookings from now on. Those that exist keep what was agreed."""
        chef = self.get_object()
        versions = matched_versions(request)
        document = PolicySerializer(data=request.data)
        document.is_valid(raise_exception=True)
        terms = document.validated_data
        return self._answer(replace_policy(chef=chef, versions=versions, terms=terms))

    @extend_schema(responses=EarningsSerializer)
    @action(detail=True)
    def earnings(self, request: Request, pk: str) -> Response:
        """Show what is due to one's chef, and the latest turns that this took."""
        chef = self.get_object()
        return Response(earnings_as_json(payable(chef), turns_of(chef)))

    def _answer(self, chef: Chef) -> Response:
        return Response(policy_as_json(chef.policy), headers={"ETag": etag_of(chef)})
