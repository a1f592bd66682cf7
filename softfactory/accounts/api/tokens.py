"""One's tokens, and who one is."""

from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from softfactory.accounts.authentication import TokenAuthentication, sign_in
from softfactory.accounts.models import ApiToken
from softfactory.accounts.querysets import ApiTokenQuerySet
from softfactory.accounts.serializers import (
    IssuedTokenSerializer,
    MeSerializer,
    NewTokenSerializer,
    TokenSerializer,
    me_as_json,
    token_as_json,
)
from softfactory.accounts.services.tokens import issue_token, revoke_token, scopes_of
from softfactory.kernel import clock
from softfactory.kernel.api.throttles import SignInThrottle
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import etag_of, matched_versions
from softfactory.kernel.idempotency import refuse_key
from softfactory.kernel.problems import stale_version

# What says who one is, in a request for a token.
PROOF = ("email", "password", "code")


@extend_schema(tags=["auth"])
class TokenViewSet(ApiViewSet):
    """One's own bearer tokens."""

    scope = "accounts"
    queryset = ApiToken.objects.all()
    serializer_class = TokenSerializer
    as_json = staticmethod(token_as_json)
    public_actions = frozenset({"create"})

    def get_authenticators(self) -> list[BaseAuthentication]:
        """A token is issued for a password or the browser's session, never for a token."""
        return [SessionAuthentication()] if self._is_issuing() else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        return TokenAuthentication().authenticate_header(request)

    def get_throttles(self) -> list[BaseThrottle]:
        return [SignInThrottle()] if self._is_issuing() else super().get_throttles()

    def get_queryset(self) -> ApiTokenQuerySet:
        return ApiToken.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List one's tokens, newest first, without their texts."""
        return self.page_response(self.get_queryset())

    @extend_schema(
        request=NewTokenSerializer,
        responses={201: IssuedTokenSerializer},
        auth=[{}, {"session": []}],
    )
    def create(self, request: Request) -> Response:
        """Issue a token. Its text is in this answer and nowhere else."""
        refuse_key(request)
        is_signed_in = request.user.is_authenticated
        wanted = NewTokenSerializer(data=request.data, context={"is_signed_in": is_signed_in})
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        proof = {name: values.pop(name) for name in PROOF if name in values}
        user = sign_in(request._request, **proof) if "password" in proof else request.user
        issued = issue_token(user=user, now=clock.now(), **values)
        body = token_as_json(vars(issued.row)) | {"token": issued.text}
        return Response(body, status=201, headers={"ETag": etag_of(issued.row)})

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one of one's tokens, without its text."""
        return self.row_response(self.get_object())

    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke one of one's tokens. It opens nothing from this moment on."""
        token = self.get_object()
        if "If-Match" in request.headers:
            versions = matched_versions(request)
            if versions is not None and token.version not in versions:
                raise stale_version()
        revoke_token(token=token, now=clock.now())
        return Response(status=204)

    def _is_issuing(self) -> bool:
        return self._action() == "create"


@extend_schema(tags=["auth"])
class MeViewSet(ApiViewSet):
    """Whoever calls."""

    scope = "accounts"
    serializer_class = MeSerializer

    def retrieve(self, request: Request) -> Response:
        """Tell who is calling, and what they may do."""
        scopes = request.auth.scopes if request.auth else scopes_of(request.user)
        return Response(me_as_json(request.user, scopes))
