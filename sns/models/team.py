"""Seat: who else works on an owner's posts; Comment: what they say about one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sns.models.post import Post
from sns.querysets import SeatQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Seat(models.Model):
    """That a user writes or approves an owner's posts."""

    class Role(models.TextChoices):
        AUTHOR = "author", pgettext_lazy("seat", "Writes")
        APPROVER = "approver", pgettext_lazy("seat", "Writes and approves")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="seats_taken",
        db_index=False,
    )
    role = models.CharField(_("role"), max_length=8, choices=Role)
    created_at = models.DateTimeField(_("since"), default=clock.now, editable=False)

    objects = PeersManager.from_queryset(SeatQuerySet)()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            # The seats of an owner.
            models.UniqueConstraint(fields=["owner", "user"], name="sns_seat_once"),
            models.CheckConstraint(condition=~Q(owner=F("user")), name="sns_seat_of_another"),
        ]
        indexes = [
            # With every request: whose posts a user works on.
            models.Index(fields=["user"], name="sns_seat_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.owner_id}"


class Comment(models.Model):
    """What somebody on the team says about a post."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    text = models.TextField(_("text"), max_length=2_000)
    created_at = models.DateTimeField(_("written"), default=clock.now, editable=False)

    objects = PeersManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            # The comments of a post, in order.
            models.Index(fields=["post", "created_at", "id"], name="sns_comment_post"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
