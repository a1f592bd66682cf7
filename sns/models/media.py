"""Media: pictures to be published. A file is written once and never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from sns.models.post import Post
from sns.querysets import MediaQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned


class Media(Versioned):
    """A picture of its owner's, as it was uploaded. Networks get copies that fit their limits."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(_("file"), max_length=60, editable=False)  # on the private shelf
    content_type = models.CharField(_("type"), max_length=60)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    alt = models.CharField(_("what it shows"), max_length=1_500, blank=True)

    objects = PeersManager.from_queryset(MediaQuerySet)()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [
            # An owner's pictures, the last one first.
            models.Index(
                F("owner"), F("created_at").desc(), F("id").desc(), name="sns_media_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.alt or f"#{self.pk}"


class PostMedia(models.Model):
    """That a post shows a picture, and in which place."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="pictures", db_index=False
    )
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(_("place"))

    objects = PeersManager()

    class Meta:
        verbose_name = _("picture of a post")
        verbose_name_plural = _("pictures of a post")
        constraints = [
            # The pictures of a post, in order.
            models.UniqueConstraint(fields=["post", "position"], name="sns_postmedia_place"),
        ]
        indexes = [
            # Whether a picture is shown anywhere, before it is deleted.
            models.Index(fields=["media"], name="sns_postmedia_media"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}/{self.position}"
