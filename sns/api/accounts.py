"""Accounts on networks: connected, edited, disconnected."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from sns.models import SocialAccount
from sns.querysets import SocialAccountQuerySet
from sns.serializers.accounts import (
    AccountEditSerializer,
    AccountSerializer,
    ConnectedAccountSerializer,
    NewAccountSerializer,
    account_as_json,
)
from sns.services.accounts import (
    connect_account,
    disconnect_account,
    edit_account,
    suggested,
)
from sns.services.teams import require_owner
from softfactory.kernel import clock
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import matched_versions
from softfactory.kernel.idempotency import Begun, idempotent, refuse_key


@extend_schema(tags=["sns"])
class AccountViewSet(ApiViewSet):
    """Accounts that posts are published on: one's own, and those of one's team."""

    scope = "sns"
    queryset = SocialAccount.objects.all()
    serializer_class = AccountSerializer
    as_json = staticmethod(account_as_json)

    def get_queryset(self) -> SocialAccountQuerySet:
        return SocialAccount.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List accounts, the last one connected first. Of what opens them nothing is shown."""
        return self.page_response(self.get_queryset())

    @extend_schema(request=NewAccountSerializer, responses={201: ConnectedAccountSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Connect an account, or connect it again: then it goes on with its settings.

        The network is asked. 422 `connect_refused` with its reason, 503 `network_unreachable`.
        A webhook's secret that was not sent is made up, and in this answer alone.
        """
        wanted = NewAccountSerializer.read(request.data)
        if suggested(wanted["network"], wanted["credentials"]):
            refuse_key(request)
        return Begun("account")

    def finish_create(self, request: Request, made: str) -> Response:
        wanted = NewAccountSerializer.read(request.data)
        made_up = suggested(wanted["network"], wanted["credentials"])
        wanted["credentials"] = {**wanted["credentials"], **made_up}
        account = connect_account(user=request.user, now=clock.now(), **wanted)
        response = self.row_response(account, status=201)
        if made_up:
            response.data["credentials"] = made_up
        response.headers["Location"] = f"{request.path}/{account.pk}"
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one account."""
        return self.row_response(self.get_object())

    @extend_schema(request=AccountEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its time zone, or its weekly queue; what is scheduled keeps its time."""
        account = self.get_object()
        require_owner(request.user, account.owner_id)
        versions = matched_versions(request)
        body = AccountEditSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        edited = edit_account(
            account=account, versions=versions, now=clock.now(), **body.validated_data
        )
        return self.row_response(edited)

    def destroy(self, request: Request, pk: str) -> Response:
        """Disconnect it: what opens it is forgotten, what waits for it is cancelled."""
        account = self.get_object()
        require_owner(request.user, account.owner_id)
        disconnect_account(account=account, now=clock.now())
        return Response(status=204)
