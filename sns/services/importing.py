"""Posts from a spreadsheet become drafts, or are scheduled; each line for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sns.importing import Line, read_csv
from sns.models import Post, SocialAccount
from sns.services.scheduling import schedule_post
from sns.services.writing import write_post
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import DomainError


@dataclass(frozen=True)
class Imported:
    """A line, and the post that it became; or why it did not."""

    line: Line
    post: Post | None = None
    problems: Sequence[str] = ()


def import_posts(
    *, user: User, owner: User, content: bytes, timezone: str, now: datetime
) -> list[Imported]:
    """Write a post for each good line of a CSV file; return what became of all lines, in order.

    A line with a time is scheduled if its writer may, else it is a draft. Raises DomainError as
    `read_csv` does, where nothing was read.
    """
    rows = SocialAccount.objects.of_owners([owner.pk]).connected()
    accounts = {row.handle: row.pk for row in rows}
    lines = read_csv(content, accounts=accounts, zone=ZoneInfo(timezone), now=now)
    return [_imported(line, user=user, owner=owner, timezone=timezone, now=now) for line in lines]


def _imported(line: Line, *, user: User, owner: User, timezone: str, now: datetime) -> Imported:
    if not line.is_good:
        return Imported(line, problems=line.problems)
    try:
        return Imported(line, _written(line, user=user, owner=owner, timezone=timezone, now=now))
    except DomainError as refusal:
        return Imported(line, problems=[refusal.message])


@transactional
def _written(line: Line, *, user: User, owner: User, timezone: str, now: datetime) -> Post:
    post = write_post(
        user=user,
        owner=owner,
        now=now,
        accounts=line.account_ids,
        text=line.text,
        title=line.title,
        link=line.link,
        timezone=timezone,
    )
    if line.at is None:
        return post
    return schedule_post(user=user, post=post, at=line.at, now=now)
