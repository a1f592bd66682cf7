"""The API of waitlists: who wants a day that is full stands in line for it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import WaitlistEntry
from bookings.querysets import WaitlistQuerySet
from bookings.serializers.waitlist import WaitlistSerializer, WishSerializer, entry_as_json
from bookings.services.waitlist import Wish, join_waitlist, leave_waitlist
from softfactory.kernel import clock
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import idempotent


class WaitlistViewSet(ApiViewSet):
    """The caller's places in lines."""

    scope = "bookings"
    queryset = WaitlistEntry.objects.all()
    serializer_class = WaitlistSerializer
    as_json = staticmethod(entry_as_json)
    filter_backends = ()

    def get_queryset(self) -> WaitlistQuerySet:
        return WaitlistEntry.objects.of_customer(self.request.user)

    def list(self, request: Request) -> Response:
        """List one's places, the last one first."""
        return self.page_response(self.get_queryset())

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one of them."""
        return Response(self._shown(self.get_object()))

    @extend_schema(request=WishSerializer, responses={201: WaitlistSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Stand in line for a day of a chef that is full.

        When a place opens it is held for the first in line for two hours: a booking that is
        `held`, to be confirmed or paid for. 409 `not_full` if there are free times to book.
        """
        wish = Wish(**WishSerializer.read(request.data))
        entry = join_waitlist(customer=request.user, wish=wish, now=clock.now())
        response = Response(self._shown(entry), status=201)
        response.headers["Location"] = f"{request.path}/{entry.pk}"
        return response

    def destroy(self, request: Request, pk: str) -> Response:
        """Stand in line no more. What is held goes to the next."""
        leave_waitlist(entry=self.get_object(), now=clock.now())
        return Response(status=204)

    def _shown(self, entry: WaitlistEntry) -> dict[str, object]:
        return entry_as_json(WaitlistEntry.objects.filter(pk=entry.pk).shown().get())
