"""Pictures of posts: taken from strangers, described, fitted to each network."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sns.models import Media, PostMedia, Publication
from sns.networks.protocol import Picture, PictureRules
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.pictures import PRIVATE, Limits
from softfactory.kernel.problems import Conflict, stale_version

EVERY = timedelta(days=1)
IDLE = timedelta(days=7)
AT_ONCE = 2_000
# By then whoever keeps a file has written the row that names it, or never will.
COMMITTED = timedelta(hours=1)

logger = logging.getLogger(__name__)


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
    if _is_shown(media):
        message = _("A post shows this picture. Take it out of the post first.")
        raise Conflict("picture_in_use", message)
    Media.objects.filter(pk=media.pk).delete()
    if not Media.objects.filter(name=media.name).exists():
        before = clock.now() - COMMITTED
        transaction.on_commit(lambda: PRIVATE.forget(media.name, kept_before=before))


def prune_pictures(now: datetime) -> int:
    """Once a day, forget pictures that no post has shown for a week, and files that no row names;
    return how many pictures. Rows whose file is gone are written to the log.
    """
    if not PRIVATE.begin_round(every=EVERY, now=now):
        return 0
    idle = Media.objects.idle(since=now - IDLE).order_by("pk")[:AT_ONCE]
    pruned = sum(_prune(media, now=now) for media in list(idle))
    _tidy(now=now)
    return pruned


@transactional
def _prune(media: Media, *, now: datetime) -> bool:
    """Forget one unless a post shows it by now. Who writes a post locks its pictures, too."""
    rows = Media.objects.idle(since=now - IDLE).select_for_update(of=("self",))
    if not rows.filter(pk=media.pk).exists() or _is_shown(media):
        return False
    return bool(Media.objects.filter(pk=media.pk).delete()[0])


def _tidy(*, now: datetime) -> None:
    """Compare the shelf with the rows. What lay there is read first: what comes later has a row by
    and by.
    """
    before = now - COMMITTED
    lying = PRIVATE.names()
    named = dict(Media.objects.values_list("name", "pk"))
    for name in lying - named.keys():
        PRIVATE.forget(name, kept_before=before)
    PRIVATE.clear_leftovers(before=before)
    if lost := sorted(named[name] for name in named.keys() - lying - PRIVATE.names()):
        logger.error("Pictures without their file: %d, such as %s", len(lost), lost[:10])


def _is_shown(media: Media) -> bool:
    """Tell whether a post shows a picture, or something that is being sent."""
    open_ones = Publication.objects.open_of(media.owner_id).filter(content__isnull=False)
    shown = PostMedia.objects.filter(media=media).exists()
    return shown or any(media.pk in content["pictures"] for content in open_ones.contents())


def fitted(media: Media, rules: PictureRules) -> Picture:
    """Return a picture as a network takes it. Raises DomainError where none can be made.

    Raises FileNotFoundError if its file was lost.
    """
    from softfactory.kernel.pictures.fitting import fit

    limits = Limits(rules.most_bytes, rules.longest_edge, rules.types, rules.most_pixels)
    made = fit(PRIVATE.read(media.name), limits)
    return Picture(made.content, made.content_type, media.alt, made.width, made.height)
