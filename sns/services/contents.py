"""What a post says on an account: its variant, cut and marked as the network has it.

Once something was sent, it is kept as it was: what is looked for, and sent again, is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sns.models import Media, Post, SocialAccount
from sns.networks.protocol import MOST_PARTS, Content, Network, Part, Picture, Rules
from sns.services.pictures import fitted
from sns.text.tags import tag_link, tag_links
from sns.text.threads import split

MEDIUM = "social"


@dataclass(frozen=True, slots=True)
class Written:
    """What a post says on one account, before its pictures are made to fit."""

    texts: Sequence[str]
    pictures: Sequence[Media]  # beside the first text
    created_at: datetime
    link: str = ""
    title: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as a publication keeps it."""
        return {
            "texts": list(self.texts),
            "pictures": [media.pk for media in self.pictures],
            "created_at": self.created_at.isoformat(),
            "link": self.link,
            "title": self.title,
        }


def written(
    post: Post,
    account: SocialAccount,
    network: Network,
    *,
    text: str,
    pictures: Sequence[Media],
    at: datetime,
) -> Written:
    """Return what a post says on an account, with `text` for this account."""
    tags = _tags(post, account)
    rules = network.rules(account.facts)
    text = tag_links(text, tags) if tags else text
    return Written(
        texts=_parts(text, rules),
        pictures=pictures,
        created_at=at,
        link=tag_link(post.link, tags) if tags and post.link else post.link,
        title=post.title,
    )


def as_kept(content: Mapping[str, Any], media: Mapping[int, Media]) -> Written:
    """Return what a publication keeps; `media` has its pictures by id."""
    return Written(
        texts=content["texts"],
        pictures=[media[pk] for pk in content["pictures"]],
        created_at=datetime.fromisoformat(content["created_at"]),
        link=content["link"],
        title=content["title"],
    )


def ready(content: Written, rules: Rules) -> Content:
    """Return it as it is sent: its pictures read, and made to fit the network's limits.

    Raises DomainError (`picture_…`) for a picture that can't be, FileNotFoundError for one whose
    file is gone. It takes its time, and asks the database nothing.
    """
    pictures = tuple(fitted(media, rules.pictures) for media in content.pictures)
    first, *others = content.texts
    parts = (Part(first, pictures), *(Part(text) for text in others))
    return Content(parts, content.created_at, content.link, content.title)


def outline(content: Written) -> Content:
    """Return it with its pictures as they were uploaded, unread: for what rules say of texts."""
    pictures = tuple(
        Picture(b"", media.content_type, media.alt, media.width, media.height)
        for media in content.pictures
    )
    first, *others = content.texts
    parts = (Part(first, pictures), *(Part(text) for text in others))
    return Content(parts, content.created_at, content.link, content.title)


def _tags(post: Post, account: SocialAccount) -> dict[str, str]:
    """Return the marks on links: of the post, else of its campaign; none without either."""
    named = dict(post.utm or {})
    if post.campaign and post.campaign.utm_campaign:
        named = {"campaign": post.campaign.utm_campaign} | named
    if not named:
        return {}
    marks = {"source": account.network, "medium": MEDIUM} | named
    return {f"utm_{name}": value for name, value in marks.items()}


def _parts(text: str, rules: Rules) -> list[str]:
    return split(text, rules, most_parts=MOST_PARTS) if rules.has_threads else [text.strip()]
