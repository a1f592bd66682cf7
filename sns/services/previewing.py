"""How a post will look on each of its accounts, and what their networks would not take of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from sns.models import Media, Post, SocialAccount
from sns.networks import NETWORKS
from sns.networks.protocol import Content, Issue, Network, Picture, Rules
from sns.networks.written import shows_card, with_link
from sns.services.contents import outline, written
from sns.services.writing import require_known
from sns.text.found import find
from sns.text.units import measure
from softfactory.accounts.models import User


@dataclass(frozen=True)
class Writing:
    """What somebody is writing: a post, stored or not, its texts elsewhere, and its pictures."""

    post: Post
    variants: Mapping[int, str] = field(default_factory=dict)  # by account
    pictures: Sequence[Media] = ()


@dataclass(frozen=True)
class SeenPart:
    """One post of a thread as a reader sees it: its text in pieces, each `("link", "https…")`,
    `("mention", …)`, `("hashtag", …)` or `("", …)`, and how long it is.
    """

    pieces: Sequence[tuple[str, str]]
    length: int
    pictures: Sequence[Media] = ()


@dataclass(frozen=True)
class Preview:
    """A post on one account."""

    account: SocialAccount
    network: Network
    rules: Rules
    parts: Sequence[SeenPart]
    issues: Sequence[Issue]
    title: str = ""
    card: str = ""  # the host that a link card names
    link: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the network would take it as it is."""
        return all(issue.is_warning for issue in self.issues)


def preview_post(
    *, writing: Writing, accounts: Sequence[SocialAccount], now: datetime
) -> list[Preview]:
    """Return how it looks on each account, in order. Nothing is asked of any network."""
    return [_preview(writing, account, now) for account in accounts]


def preview_unwritten(
    *,
    owner: User,
    account_ids: Sequence[int],
    variants: Mapping[int, str],
    media: Sequence[int],
    now: datetime,
    **content: Any,
) -> list[Preview]:
    """Return how a post that is not written yet would look on an owner's accounts.

    `content` has its text, title and link. Raises InvalidRequest for an account or a picture that
    there is not.
    """
    accounts = SocialAccount.objects.connected().of_owners([owner.pk]).in_bulk(account_ids)
    pictures = Media.objects.of_owners([owner.pk]).in_bulk(media)
    require_known("account_ids", account_ids, accounts)
    require_known("media", media, pictures)
    post = Post(owner=owner, author=owner, **content)
    writing = Writing(post, variants, [pictures[pk] for pk in dict.fromkeys(media)])
    chosen = [accounts[pk] for pk in dict.fromkeys(account_ids)]
    return preview_post(writing=writing, accounts=chosen, now=now)


def content_of(writing: Writing, account: SocialAccount, *, now: datetime) -> Content:
    """Return what would be published on an account. Pictures are without their bytes, and as large
    as they will be once they were made to fit.
    """
    network = NETWORKS[account.network]
    text = writing.variants.get(account.pk) or writing.post.text
    pictures = writing.pictures
    says = written(writing.post, account, network, text=text, pictures=pictures, at=now)
    content = outline(says)
    first, *others = content.parts
    rules = network.rules(account.facts)
    taken = tuple(_as_taken(media, rules) for media in pictures)
    return replace(content, parts=(replace(first, pictures=taken), *others))


def _preview(writing: Writing, account: SocialAccount, now: datetime) -> Preview:
    network = NETWORKS[account.network]
    rules = network.rules(account.facts)
    content = content_of(writing, account, now=now)
    parts = with_link(content, rules).parts
    seen = [SeenPart(list(_pieces(part.text)), measure(part.text, rules)) for part in parts]
    if writing.pictures:
        seen[0] = SeenPart(seen[0].pieces, seen[0].length, writing.pictures)
    is_card = shows_card(content, rules)
    return Preview(
        account,
        network,
        rules,
        seen,
        [*_of_account(account), *network.check(content, rules)],
        title=content.title if rules.has_titles else "",
        card=_host(content.link) if is_card else "",
        link=content.link if is_card else "",
    )


def _of_account(account: SocialAccount) -> Iterator[Issue]:
    if not account.works:
        message = _("The account does not work at present. Connect it again.")
        yield Issue("account_broken", message, is_warning=True)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for found in find(text):
        if found.start > at:
            yield "", text[at : found.start]
        yield found.kind, text[found.start : found.end]
        at = found.end
    if at < len(text):
        yield "", text[at:]


def _as_taken(media: Media, rules: Rules) -> Picture:
    """As it will be once it was made to fit, but for its bytes."""
    types = rules.pictures.types
    kind = media.content_type if media.content_type in types else types[0]
    edge = max(media.width, media.height, 1)
    ratio = min(1.0, rules.pictures.longest_edge / edge)
    if rules.pictures.most_pixels:
        ratio = min(ratio, (rules.pictures.most_pixels / (media.width * media.height or 1)) ** 0.5)
    return Picture(b"", kind, media.alt, int(media.width * ratio), int(media.height * ratio))


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or link
    except ValueError:
        return link
