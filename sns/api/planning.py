"""Campaigns, templates, pictures and seats: what posts are made of, and by whom."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from sns.models import Campaign, Media, Seat, Template
from sns.querysets import CampaignQuerySet, MediaQuerySet, SeatQuerySet, TemplateQuerySet
from sns.serializers.planning import (
    CampaignEditSerializer,
    CampaignSerializer,
    MediaEditSerializer,
    MediaSerializer,
    NewCampaignSerializer,
    NewMediaSerializer,
    NewSeatSerializer,
    NewTemplateSerializer,
    SeatSerializer,
    TemplateEditSerializer,
    TemplateSerializer,
    campaign_as_json,
    media_as_json,
    seat_as_json,
    template_as_json,
)
from sns.services import planning
from sns.services.pictures import add_picture, delete_picture, describe_picture
from sns.services.teams import give_seat, owner_of, take_seat_back
from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.uploads import UploadViewSet
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import matched_versions
from softfactory.kernel.idempotency import idempotent


def _read(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return body.validated_data


@extend_schema(tags=["sns"])
class CampaignViewSet(ApiViewSet):
    """Posts that belong together."""

    scope = "sns"
    queryset = Campaign.objects.all()
    serializer_class = CampaignSerializer
    as_json = staticmethod(campaign_as_json)

    def get_queryset(self) -> CampaignQuerySet:
        return Campaign.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List campaigns, the last one begun first."""
        return self.page_response(self.get_queryset())

    @extend_schema(request=NewCampaignSerializer, responses={201: CampaignSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Begin a campaign."""
        wanted = _read(NewCampaignSerializer, request)
        owner = owner_of(request.user, wanted.pop("workspace_id", None))
        made = planning.create_campaign(user=request.user, owner=owner, now=clock.now(), **wanted)
        return self.row_response(made, status=201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one campaign."""
        return self.row_response(self.get_object())

    @extend_schema(request=CampaignEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its name, days, or mark in links."""
        campaign, versions = self.get_object(), matched_versions(request)
        wanted = _read(CampaignEditSerializer, request)
        edited = planning.edit_campaign(
            user=request.user, campaign=campaign, versions=versions, **wanted
        )
        return self.row_response(edited)

    def destroy(self, request: Request, pk: str) -> Response:
        """Forget it. Its posts stay, and belong to none."""
        planning.delete_campaign(user=request.user, campaign=self.get_object())
        return Response(status=204)


@extend_schema(tags=["sns"])
class TemplateViewSet(ApiViewSet):
    """Texts to begin with."""

    scope = "sns"
    queryset = Template.objects.all()
    serializer_class = TemplateSerializer
    as_json = staticmethod(template_as_json)

    def get_queryset(self) -> TemplateQuerySet:
        return Template.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List templates, the last one kept first."""
        return self.page_response(self.get_queryset())

    @extend_schema(request=NewTemplateSerializer, responses={201: TemplateSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Keep a text to begin with."""
        wanted = _read(NewTemplateSerializer, request)
        owner = owner_of(request.user, wanted.pop("workspace_id", None))
        made = planning.create_template(user=request.user, owner=owner, now=clock.now(), **wanted)
        return self.row_response(made, status=201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one template."""
        return self.row_response(self.get_object())

    @extend_schema(request=TemplateEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its name or text. What was written with it stays."""
        template, versions = self.get_object(), matched_versions(request)
        wanted = _read(TemplateEditSerializer, request)
        edited = planning.edit_template(
            user=request.user, template=template, versions=versions, **wanted
        )
        return self.row_response(edited)

    def destroy(self, request: Request, pk: str) -> Response:
        """Forget it. What was written with it stays."""
        planning.delete_template(user=request.user, template=self.get_object())
        return Response(status=204)


@extend_schema(tags=["sns"])
class MediaViewSet(UploadViewSet):
    """Pictures of posts."""

    scope = "sns"
    queryset = Media.objects.all()
    serializer_class = MediaSerializer
    as_json = staticmethod(media_as_json)

    def get_queryset(self) -> MediaQuerySet:
        return Media.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List pictures, the last one uploaded first."""
        return self.page_response(self.get_queryset())

    @extend_schema(
        request={"multipart/form-data": NewMediaSerializer}, responses={201: MediaSerializer}
    )
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Upload a picture: its pixels are kept, and nothing that the file says besides."""
        wanted = _read(NewMediaSerializer, request)
        owner = owner_of(request.user, wanted.get("workspace_id"))
        media = add_picture(owner=owner, content=wanted["file"].read(), alt=wanted["alt"])
        return self.row_response(media, status=201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show what is known of one picture."""
        return self.row_response(self.get_object())

    @extend_schema(request=MediaEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say what it shows, for those who don't see it."""
        media, versions = self.get_object(), matched_versions(request)
        alt = _read(MediaEditSerializer, request)["alt"]
        described = describe_picture(media=media, versions=versions, alt=alt)
        return self.row_response(described)

    def destroy(self, request: Request, pk: str) -> Response:
        """Forget a picture that no post shows."""
        delete_picture(media=self.get_object())
        return Response(status=204)


@extend_schema(tags=["sns"])
class SeatViewSet(ApiViewSet):
    """Who works on one's posts."""

    scope = "sns"
    queryset = Seat.objects.all()
    serializer_class = SeatSerializer

    as_json = staticmethod(seat_as_json)

    def get_queryset(self) -> SeatQuerySet:
        return Seat.objects.filter(owner=self.request.user)

    def list(self, request: Request) -> Response:
        """List who works on one's posts, the last one who came first."""
        return self.page_response(self.get_queryset())

    @extend_schema(request=NewSeatSerializer, responses={201: SeatSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Let somebody who has an account here work on one's posts, or change their role."""
        wanted = _read(NewSeatSerializer, request)
        seat = give_seat(owner=request.user, now=clock.now(), **wanted)
        shown = vars(seat) | {"user__email": wanted["email"].lower()}
        return Response(seat_as_json(shown), status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Let somebody not see them any more. What they wrote stays."""
        take_seat_back(seat=self.get_object())
        return Response(status=204)
