"""What an owner's servers are told of posts, by webhook: where they appeared, and where not."""

from datetime import datetime
from typing import Final

from sns.models import Publication
from softfactory.accounts.services.emitting import emit

State = Publication.State

#: What is told of a publication that came to rest. What somebody cancelled is told nobody.
TYPES: Final = {
    State.PUBLISHED: "post.published",
    State.FAILED: "post.failed",
    State.MISSED: "post.failed",
}


def tell(publication: Publication, state: str, *, owner_id: int, now: datetime) -> None:
    """Let the owner's servers know that a publication came to this state, if they are told of it.

    It is recorded in the transaction that gives it the state. Sending it is another one's work, and
    what comes of that touches no publication.
    """
    if kind := TYPES.get(State(state)):
        emit(kind, publication.pk, to=[owner_id], now=now)
