"""Posts: written, approved, scheduled, cancelled, tried again; and what became of them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from sns.filters import PostFilters
from sns.models import Post
from sns.querysets import PostQuerySet
from sns.serializers.posts import (
    CommentSerializer,
    CommentsSerializer,
    NewCommentSerializer,
    NewPostSerializer,
    PostEditSerializer,
    PostSerializer,
    RetrySerializer,
    ScheduleSerializer,
    SendBackSerializer,
    comment_as_json,
    post_as_json,
)
from sns.serializers.previews import (
    ValidateSerializer,
    ValidationSerializer,
    preview_as_json,
)
from sns.serializers.publications import PublicationsSerializer, publication_as_json
from sns.services import approving, scheduling
from sns.services.previewing import preview_unwritten
from sns.services.teams import comment_on, owner_of
from sns.services.writing import delete_post, duplicates_of, edit_post
from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import matched_versions
from softfactory.kernel.idempotency import idempotent


@extend_schema(tags=["sns"])
class PostViewSet(ApiViewSet):
    """Posts: one's own, and those of one's team."""

    scope = "sns"
    queryset = Post.objects.all()
    serializer_class = PostSerializer
    filterset_class = PostFilters
    as_json = staticmethod(post_as_json)

    def get_queryset(self) -> PostQuerySet:
        return Post.objects.visible_to(self.request.user).with_parts()

    def list(self, request: Request) -> Response:
        """List posts, the last one written first."""
        return self.page_response(Post.objects.visible_to(request.user))

    @extend_schema(request=NewPostSerializer, responses={201: PostSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Write a post; with `scheduled_at`, schedule it too, or do neither."""
        wanted = self._read(NewPostSerializer, request)
        at, owner_id = wanted.pop("scheduled_at", None), wanted.pop("workspace_id", None)
        owner = owner_of(request.user, owner_id)
        post = scheduling.write_and_schedule(
            user=request.user, owner=owner, at=at, now=clock.now(), **wanted
        )
        response = self._shown(post, status=201)
        response.headers["Location"] = f"{request.path}/{post.pk}"
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one post."""
        return self.row_response(self.get_object())

    @extend_schema(request=PostEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is written. What was published stays as it was sent."""
        post = self.get_object()
        versions = matched_versions(request)
        wanted = self._read(PostEditSerializer, request)
        edited = edit_post(
            user=request.user, post=post, versions=versions, now=clock.now(), **wanted
        )
        return self._shown(edited)

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a post of which nothing was sent; what was sent stays in the log."""
        delete_post(user=request.user, post=self.get_object())
        return Response(status=204)

    @extend_schema(request=ValidateSerializer, responses=ValidationSerializer)
    @action(detail=False, methods=["post"])
    def validate(self, request: Request) -> Response:
        """Tell how it would look on each account, what their networks would not take, and whether
        the same was said lately. Nothing is written, and nothing asked of any network.
        """
        wanted = self._read(ValidateSerializer, request)
        owner = owner_of(request.user, wanted.pop("workspace_id", None))
        variants = {row["account_id"]: row["text"] for row in wanted.pop("variants")}
        previews = preview_unwritten(owner=owner, variants=variants, now=clock.now(), **wanted)
        same = duplicates_of(owner_id=owner.pk, text=wanted["text"], now=clock.now())
        shown = {
            "is_valid": all(preview.is_taken for preview in previews),
            "accounts": [preview_as_json(preview) for preview in previews],
            "duplicates": [post.pk for post in same],
        }
        return Response(shown)

    @extend_schema(request=ScheduleSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def schedule(self, request: Request, pk: str) -> HttpResponse:
        """Let it go out at a time, or move it to another one."""
        at = self._read(ScheduleSerializer, request)["scheduled_at"]
        return self._do(scheduling.schedule_post, at=at)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, pk: str) -> HttpResponse:
        """Let it go out now. Its publications tell what becomes of it."""
        self._read(StrictSerializer, request)
        return self._do(scheduling.publish_now)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def queue(self, request: Request, pk: str) -> HttpResponse:
        """Let it go out at the next free queue time of its accounts."""
        self._read(StrictSerializer, request)
        return self._do(scheduling.queue_post)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: str) -> HttpResponse:
        """Send nothing more of it. What is there stays."""
        self._read(StrictSerializer, request)
        return self._do(scheduling.cancel_post)

    @extend_schema(request=RetrySerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def retry(self, request: Request, pk: str) -> HttpResponse:
        """Try again, soon, what failed or was missed."""
        return self._do(scheduling.retry_post, **self._read(RetrySerializer, request))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def submit(self, request: Request, pk: str) -> HttpResponse:
        """Send a draft for review."""
        self._read(StrictSerializer, request)
        return self._do(approving.submit_post)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def approve(self, request: Request, pk: str) -> HttpResponse:
        """Approve what is in review, as somebody who approves posts."""
        self._read(StrictSerializer, request)
        return self._do(approving.approve_post)

    @extend_schema(request=SendBackSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    @idempotent
    def send_back(self, request: Request, pk: str) -> HttpResponse:
        """Make it a draft again, and say what to change, as somebody who approves posts."""
        return self._do(approving.send_back, **self._read(SendBackSerializer, request))

    @extend_schema(responses=PublicationsSerializer)
    @action(detail=True)
    def publications(self, request: Request, pk: str) -> Response:
        """Show what became of it on each account, with every attempt."""
        rows = self.get_object().publications.with_attempts().in_order()
        return Response({"results": [publication_as_json(row) for row in rows]})

    @extend_schema(responses=CommentsSerializer)
    @action(detail=True)
    def comments(self, request: Request, pk: str) -> Response:
        """List what the team says about it, the first one first."""
        rows = self.get_object().comments.order_by("created_at", "pk").values()
        return Response({"results": [comment_as_json(row) for row in rows]})

    @extend_schema(request=NewCommentSerializer, responses={201: CommentSerializer})
    @comments.mapping.post
    @idempotent
    def comment(self, request: Request, pk: str) -> HttpResponse:
        """Say something about it."""
        text = self._read(NewCommentSerializer, request)["text"]
        comment = comment_on(user=request.user, post=self.get_object(), text=text, now=clock.now())
        return Response(comment_as_json(vars(comment)), status=201)

    def _read(self, serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
        body = serializer(data=request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def _do(self, service: Callable[..., Post], **wish: Any) -> Response:
        done = service(user=self.request.user, post=self.get_object(), now=clock.now(), **wish)
        return self._shown(done)

    def _shown(self, post: Post, *, status: int = 200) -> Response:
        row = Post.objects.with_parts().get(pk=post.pk)
        return self.row_response(row, status=status)
