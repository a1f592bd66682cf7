"""Pictures of posts: taken from strangers, described, fitted to each network."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from sns.models import Media, PostMedia, Publication
from sns.networks.protocol import Picture, PictureRules
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.pictures import PRIVATE, Limits
from softfactory.kernel.problems import Conflict, stale_version


def add_picture(*, owner: User, content: bytes, alt: str = "") -> Media:
    """Keep an upload of an owner's. The file is there before the row that names it.

    Raises DomainError (`picture_too_large`, `picture_type`, `picture_broken`).
    """
    from softfactory.kernel.pictures.fitting import accept

    picture = accept(content)
    return Media.objects.create(
        owner=owner,
        name=PRIVATE.keep(picture),
        content_type=picture.content_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
        alt=alt.strip(),
    )


def describe_picture(*, media: Media, alt: str, versions: Collection[int] | None = None) -> Media:
    """Say what a picture shows, for those who don't see it, at one of these versions (None: any).

    Raises PreconditionFailed if the version is no more.
    """
    rows = Media.objects.filter(pk=media.pk).at_versions(versions)
    if media.alt == alt.strip() and rows.exists():
        return media
    if not rows.update(alt=alt.strip()):
        raise stale_version()
    return Media.objects.get(pk=media.pk)


@transactional
def delete_picture(*, media: Media) -> None:
    """Forget a picture that no post shows, and nothing that is being sent does; then its file.

    Raises Conflict `picture_in_use`.
    """
    Media.objects.select_for_update().get(pk=media.pk)
    open_ones = Publication.objects.open_of(media.owner_id).filter(content__isnull=False)
    shown = PostMedia.objects.filter(media=media).exists()
    if shown or any(media.pk in content["pictures"] for content in open_ones.contents()):
        message = _("A post shows this picture. Take it out of the post first.")
        raise Conflict("picture_in_use", message)
    Media.objects.filter(pk=media.pk).delete()
    if not Media.objects.filter(name=media.name).exists():
        transaction.on_commit(lambda: PRIVATE.forget(media.name))


def fitted(media: Media, rules: PictureRules) -> Picture:
    """Return a picture as a network takes it. Raises DomainError where none can be made.

    Raises FileNotFoundError if its file was lost.
    """
    from softfactory.kernel.pictures.fitting import fit

    limits = Limits(rules.most_bytes, rules.longest_edge, rules.types, rules.most_pixels)
    made = fit(PRIVATE.read(media.name), limits)
    return Picture(made.content, made.content_type, media.alt, made.width, made.height)
