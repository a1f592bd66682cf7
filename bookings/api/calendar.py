"""The API of a chef's calendar: free times for everybody, the availability for the owner."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Chef
from bookings.querysets import ChefQuerySet
from bookings.serializers.availability import AvailabilitySerializer
from bookings.serializers.slots import SlotQuery, SlotsSerializer
from bookings.services.calendar import explained_slots, free_slots, local_today, schedule_of
from bookings.services.chefs import replace_availability
from bookings.services.travelling import trip_of
from softfactory.kernel import clock
from softfactory.kernel.api.filters import refuse_unknown_parameters
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import cached_reads, etag_of, matched_versions


class CalendarViewSet(ApiViewSet):
    """When a chef works, and which of that is free."""

    scope = "bookings"
    public_actions = frozenset({"slots"})
    queryset = Chef.objects.all()
    serializer_class = AvailabilitySerializer
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> ChefQuerySet:
        if self.is_public:
            return Chef.objects.active().with_availability()
        return Chef.objects.owned_by(self.request.user).with_availability()

    @extend_schema(parameters=[SlotQuery], responses=SlotsSerializer)
    @action(detail=True)
    @cached_reads("calendar:{pk}", clocked=True)
    def slots(self, request: Request, pk: str) -> Response:
        """List the times at which a booking of this chef can start, at most 62 days at once."""
        query = SlotQuery(data=request.query_params.dict())
        refuse_unknown_parameters(request, set(query.fields))
        query.is_valid(raise_exception=True)
        chef, now = self.get_object(), clock.now()
        first, last = query.days(local_today(chef, now=now))
        schedule = trip_of(schedule_of(chef), query.place()).schedule
        asked = {"first": first, "last": last, "hours": query.hours(chef.durations), "now": now}
        asked["schedule"] = schedule
        if not query.validated_data["explain"]:
            return Response(SlotsSerializer({"slots": free_slots(chef=chef, **asked)}).data)
        free, refused = explained_slots(chef=chef, **asked)
        return Response(SlotsSerializer({"slots": free, "refused": refused}).data)

    @action(detail=True)
    def availability(self, request: Request, pk: str) -> Response:
        """Show when one's chef works, as one document."""
        return self._answer(self.get_object())

    @availability.mapping.put
    def replace_availability(self, request: Request, pk: str) -> Response:
        """Replace the whole availability of one's chef. Bookings that exist stay as they are."""
        chef = self.get_object()
        versions = matched_versions(request)
        document = AvailabilitySerializer(data=request.data)
        document.is_valid(raise_exception=True)
        schedule = document.validated_data["schedule"]
        chef = replace_availability(chef=chef, versions=versions, schedule=schedule)
        return self._answer(chef)

    def _answer(self, chef: Chef) -> Response:
        document = AvailabilitySerializer(schedule_of(chef)).data
        return Response(document, headers={"ETag": etag_of(chef)})
