"""What every network does, in words of ours: be connected, take a post, find it, take it down.

A network repeats nothing by itself. Each post has a key of ours, the same whenever it is sent:
where the network honours keys, the same key twice makes one post; where it does not, it is asked
whether the post is there before it is sent again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from django.utils.functional import Promise

LONGEST = timedelta(seconds=45)  # that any one of a network's methods takes: less than a lease
MOST_PARTS = 25  # of a thread

type Text = str | Promise  # in the reader's language once it is shown
type Unit = Literal["graphemes", "characters"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server said, for the log of attempts."""

    status: int
    request_id: str  # as the server calls it; "" if it does not
    text: str  # its beginning


class NetworkError(Exception):
    """It was not done, as far as the network tells. The message is the reason."""

    def __init__(self, reason: str, *, answered: Answered | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answered = answered  # None: nothing was


class NetworkRefused(NetworkError):
    """It will not be done, however often it is asked for: something has to change first.

    `code` is one of `reasons.MENDING`, which say what; the reason is the network's own words, or
    the code. `account_broken`: nothing can be done there until its owner connects it again.
    """

    def __init__(
        self,
        code: str,
        reason: str = "",
        *,
        account_broken: bool = False,
        answered: Answered | None = None,
    ) -> None:
        super().__init__(reason or code, answered=answered)
        self.code = code
        self.account_broken = account_broken


class NetworkLater(NetworkError):
    """Nothing is in doubt, and the rest can be done later: it was turned away, or never arrived.

    `retry_at` is when the network asked to be tried again, None if it did not say.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_at: datetime | None = None,
        answered: Answered | None = None,
    ) -> None:
        super().__init__(reason, answered=answered)
        self.retry_at = retry_at


class NetworkUnsure(NetworkError):
    """It may have been done, or not: `find` tells, and nothing is sent before."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, as it is to be sent."""

    content: bytes
    content_type: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is published as one; a thread has several."""

    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What is published on one account. The same whenever it is sent.

    `link` is shown as a card where the network has them, else after the text. `created_at` is the
    time that the post bears, fixed when it is scheduled: nothing of it was sent before.
    """

    parts: tuple[Part, ...]
    created_at: datetime
    link: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """An account, as its network sees it."""

    server: str  # https://host, without a path
    handle: str  # how people call it there
    remote_id: str  # how the network calls it, for ever
    secrets: Mapping[str, str] = field(repr=False)
    facts: Mapping[str, Any] = field(default_factory=dict)  # what `rules` has to know of the server


@dataclass(frozen=True, slots=True)
class Published:
    """Where a post is. `remote_id` names all of its parts, in at most 500 characters."""

    remote_id: str
    url: str = ""
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class Reactions:
    """What people did with a post, so far."""

    likes: int = 0
    replies: int = 0
    reposts: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """What connecting asks for. `suggests` makes a new one, to be shown and told to the network."""

    name: str
    label: Text
    hint: Text = ""
    is_secret: bool = True
    is_required: bool = True
    suggests: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class PictureRules:
    """What pictures a network takes."""

    most: int
    most_bytes: int
    longest_edge: int  # pixels
    types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")
    most_pixels: int | None = None
    longest_alt: int | None = None
    is_alt_required: bool = False  # else one is reminded of it


@dataclass(frozen=True, slots=True)
class Rules:
    """What a network takes: how it counts, and how far.

    `url_length` is what a link counts for, however long it is; `counts_mention_domain` is False
    where `@ana@example.org` counts as `@ana`.
    """

    unit: Unit
    most: int | None  # of a part; None: as long as one likes
    pictures: PictureRules
    most_bytes: int | None = None  # of a part's text in UTF-8
    url_length: int | None = None
    counts_mention_domain: bool = True
    has_threads: bool = False
    has_cards: bool = False
    has_titles: bool = False
    needs_title: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """What a network would not take, or what readers would miss (`is_warning`)."""

    code: str
    message: str
    part: int = 0
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """The page of a server on which somebody lets us in; `kept` is needed again for `connect`."""

    url: str
    kept: Mapping[str, str] = field(repr=False)


class Network(Protocol):
    """Whatever asks the network raises NetworkRefused or NetworkLater; `publish` and `delete`
    NetworkUnsure too.
    """

    key: str
    name: str
    default_server: str  # "": there is none, one has to be named
    credentials: tuple[Field, ...]
    has_consent: bool  # one is let in on the server's own page: `begin` comes before `connect`
    honours_keys: (
        bool  # False: once it may have arrived, only a `find` that said no lets it go again
    )

    has_facts: bool  # its servers differ in what they take

    def facts(self, access: Access) -> Mapping[str, Any]:
        """Ask the account's server what it takes, where servers differ."""

    def rules(self, facts: Mapping[str, Any]) -> Rules:
        """Return what the server of these facts takes."""

    def begin(self, server: str, *, redirect_uri: str, state: str) -> Consent:
        """Return where to send somebody who wants to let us in; `state` comes back with them."""

    def connect(self, server: str, credentials: Mapping[str, str]) -> Access:
        """Try the credentials and return the account that they open.

        Where there is consent, they are what `begin` kept and the `code` that came back.
        """

    def check(self, content: Content, rules: Rules) -> list[Issue]:
        """Return what it would not take of this, and what readers would miss."""

    def publish(self, access: Access, content: Content, key: str) -> Published:
        """Publish it under a key. What of it is there already, under that key, is left alone.

        Where a part is refused, those before it are taken back.
        """

    def find(
        self, access: Access, content: Content, key: str, *, known: Collection[str] = ()
    ) -> Published | None:
        """Tell where it is if all of it is there; None if it is not, or nobody can tell.

        `known` names other posts of the account: where there is only the text to go by, it is none
        of these.
        """

    def delete(self, access: Access, remote_id: str) -> None:
        """Take it down; no error if it is not there any more."""

    def reactions(self, access: Access, remote_id: str) -> Reactions | None:
        """Count what people did with it; None where the network does not tell."""


def is_blocking(issues: Sequence[Issue]) -> bool:
    """Tell whether any of these is more than a reminder."""
    return any(not issue.is_warning for issue in issues)
