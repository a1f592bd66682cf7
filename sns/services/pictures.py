"""Pictures of posts: taken from strangers, described, fitted to each network."""

from sns.models import Media
from sns.networks.protocol import Picture, PictureRules
from softfactory.accounts.models import User
from softfactory.kernel.pictures import PRIVATE, Limits


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


def describe_picture(*, media: Media, alt: str) -> Media:
    """Say what a picture shows, for those who don't see it."""
    if media.alt != alt.strip():
        media.alt = alt.strip()
        media.save(update_fields=["alt"])
    return media


def fitted(media: Media, rules: PictureRules) -> Picture:
    """Return a picture as a network takes it. Raises DomainError where none can be made.

    Raises FileNotFoundError if its file was lost.
    """
    from softfactory.kernel.pictures.fitting import fit

    limits = Limits(rules.most_bytes, rules.longest_edge, rules.types, rules.most_pixels)
    made = fit(PRIVATE.read(media.name), limits)
    return Picture(made.content, made.content_type, media.alt, made.width, made.height)
