"""A network that lives in the test: it takes posts, or fails as it is told, and remembers."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from sns.networks.checks import issues_of
from sns.networks.protocol import (
    Access,
    Answered,
    Content,
    Field,
    NetworkError,
    NetworkUnsure,
    PictureRules,
    Published,
    Reactions,
    Rules,
)

RULES = Rules(
    unit="characters",
    most=100,
    pictures=PictureRules(most=4, most_bytes=100_000, longest_edge=1_000),
    has_threads=True,
)


class Peer:
    """Told what to do with the next posts by `then`: an error to raise, or a function to call."""

    key, name, default_server = "peer", "Peer", "https://peer.example"
    credentials = (Field("password", "Password"),)
    has_consent = False
    has_facts = True

    def __init__(self, *, honours_keys: bool = True) -> None:
        self.honours_keys = honours_keys
        self.posts: list[tuple[str, Content]] = []
        self.calls: list[str] = []
        self.then: list[NetworkError | Callable[[], Any] | None] = []
        self.deleted: list[str] = []
        self.told: dict[str, Any] = {}
        self.known: list[str] = []  # what `find` was last told that it is not

    def rules(self, facts: Any) -> Rules:
        return RULES

    def facts(self, access: Access) -> Any:
        self._do("facts")
        return dict(self.told)

    def begin(self, server: str, **kwargs: Any) -> Any:
        raise AssertionError("There is no consent here.")

    def connect(self, server: str, credentials: Any) -> Access:
        self._do("connect")
        return Access(server, f"@{credentials['password']}", "42", dict(credentials))

    def check(self, content: Content, rules: Rules) -> Any:
        return issues_of(content, rules)

    def publish(self, access: Access, content: Content, key: str) -> Published:
        arrives = self._do("publish")
        known = [at for at, (known, _content) in enumerate(self.posts) if known == key]
        if not (known and self.honours_keys):
            self.posts.append((key, content))
        if arrives == "unheard":
            raise NetworkUnsure("It broke off.")
        return self._at(key)

    def find(
        self, access: Access, content: Content, key: str, *, known: Collection[str] = ()
    ) -> Published | None:
        self._do("find")
        self.known = list(known)
        return self._at(key) if any(known == key for known, _content in self.posts) else None

    def delete(self, access: Access, remote_id: str) -> None:
        self._do("delete")
        self.deleted.append(remote_id)

    def reactions(self, access: Access, remote_id: str) -> Reactions | None:
        self._do("reactions")
        return Reactions(likes=3, replies=2, reposts=1)

    @property
    def keys(self) -> list[str]:
        return [key for key, _content in self.posts]

    @property
    def texts(self) -> list[str]:
        return [part.text for _key, content in self.posts for part in content.parts]

    def _at(self, key: str) -> Published:
        return Published(f"id-{key}", f"https://peer.example/{key}", Answered(200, "req-1", ""))

    def _do(self, what: str) -> Any:
        self.calls.append(what)
        step = self.then.pop(0) if self.then else None
        if isinstance(step, NetworkError):
            raise step
        return step() if step is not None else None


def unheard() -> str:
    """The post arrives, and its answer does not."""
    return "unheard"


def at(text: str) -> datetime:
    """An instant, as one writes it: `2027-03-28T09:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
