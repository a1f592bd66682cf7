"""What became of a post, once nothing of it is left to be done: what its publications add up to."""

from collections.abc import Collection
from datetime import datetime

from sns.models import Post, Publication
from sns.services.quoting import WITHDRAWN
from softfactory.kernel.nudges import nudge

State, Single = Post.State, Publication.State
# Ends that nobody chose, of which the owner hears.
TOLD = (State.FAILED, State.MISSED, State.PARTLY)


def lock_post(pk: int) -> Post:
    """Return a post that nobody else schedules, sends or concludes until the transaction ends.

    It comes with its owner and campaign. Whoever writes to its publications locks it first.
    """
    rows = Post.objects.with_people().select_for_update(of=("self",), no_key=True)
    return rows.get(pk=pk)


def conclude(pk: int, *, now: datetime) -> None:
    """Give a locked post its last state if all its publications have come to rest; whoever should
    know is told of what went wrong.
    """
    rows = list(Publication.objects.filter(post=pk).values_list("state", "reason_code"))
    states = {state for state, _code in rows}
    if not states or not states <= set(Publication.ENDED):
        return
    state = _together(states)
    ended = Post.objects.filter(pk=pk).exclude(state=state)
    is_told = state in TOLD or any(code == WITHDRAWN for _state, code in rows)
    if ended.update(state=state, updated_at=now) and is_told:
        nudge("sns.post_ended", pk)


def _together(states: Collection[str]) -> str:
    wanted = set(states) - {Single.CANCELLED}
    if not wanted:
        return State.CANCELLED
    if wanted == {Single.PUBLISHED}:
        return State.PUBLISHED
    if Single.PUBLISHED in wanted:
        return State.PARTLY
    return State.FAILED if Single.FAILED in wanted else State.MISSED
