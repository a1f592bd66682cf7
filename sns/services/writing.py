"""Writing: drafts and their variants, and whether the same was said lately."""

from collections.abc import Collection, Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sns.models import Campaign, Media, Post, PostMedia, Publication, SocialAccount, Variant
from sns.models.post import fingerprint_of
from sns.services.outcomes import lock_post
from sns.services.quoting import name_quote, require_words_out
from sns.services.repeating import read_rule
from sns.services.teams import require_role
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, InvalidRequest, stale_version
from softfactory.kernel.zones import validate_zone

MOST_ACCOUNTS, MOST_PICTURES = 50, 10
# For so long the same words count as said already.
LATELY = timedelta(days=30)
MARKS = ("source", "medium", "campaign", "term", "content")
#: What is written of a post, besides the accounts that it goes on, and its pictures.
PLAIN = ("text", "title", "link", "late_minutes", "on_taken")
ABOUT = ("chef", "slot_starts_at", "slot_ends_at")

State = Post.State


@transactional
def write_post(
    *,
    user: User,
    owner: User,
    now: datetime,
    accounts: Collection[int] = (),
    variants: Mapping[int, str] | None = None,
    media: Sequence[int] = (),
    **content: Any,
) -> Post:
    """Write a draft for these accounts of an owner's, and return it.

    `content` has what `edit_post` takes. Raises NotFound, InvalidRequest.
    """
    require_role(user, owner.pk)
    post = Post(owner=owner, author=user, timezone=owner.timezone, created_at=now, updated_at=now)
    _write(post, content)
    post.save()
    _go_on(post, accounts, variants or {})
    _show(post, media)
    return post


@transactional
def edit_post(
    *,
    user: User,
    post: Post,
    versions: Collection[int] | None,
    now: datetime,
    accounts: Collection[int] | None = None,
    variants: Mapping[int, str] | None = None,
    media: Sequence[int] | None = None,
    **content: Any,
) -> Post:
    """Change what is given of a post, at one of these versions (None: any), and return it.

    What was approved is a draft again, unless who changes it approves posts. What was published
    stays as it was sent. Raises Conflict (`being_sent`, `post_over`, `accounts_fixed`),
    InvalidRequest, PreconditionFailed.
    """
    role = require_role(user, post.owner_id)
    locked = lock_post(post.pk)
    if versions is not None and locked.version not in versions:
        raise stale_version()
    _require_writable(locked)
    quoted = locked.review
    _write(locked, content)
    if accounts is not None or variants is not None:
        _rewrite_variants(locked, accounts, variants)
    if quoted and quoted != locked.review:
        require_words_out(quoted, [locked.text, *locked.variants.values_list("text", flat=True)])
    if media is not None:
        locked.pictures.all().delete()
        _show(locked, media)
    if not role.approves and locked.state in (State.IN_REVIEW, State.APPROVED):
        locked.state, locked.approved_by = State.DRAFT, None
    elif not role.approves and locked.state == State.SCHEDULED:
        raise Conflict("scheduled", _("It is approved and scheduled. Cancel it to change it."))
    locked.save()
    return Post.objects.get(pk=post.pk)


@transactional
def delete_post(*, user: User, post: Post) -> None:
    """Delete a post of which nothing was ever sent. Raises Conflict `was_sent` for another."""
    require_role(user, post.owner_id)
    lock_post(post.pk)
    rows = Publication.objects.filter(post=post)
    if rows.filter(claim__gt=0).exists() or rows.filter(attempts__isnull=False).exists():
        message = _("Something of this post was sent, and stays in the log. Cancel what waits.")
        raise Conflict("was_sent", message)
    rows.delete()
    Post.objects.filter(pk=post.pk).delete()


def duplicates_of(
    *, owner_id: int, text: str, now: datetime, but: Post | None = None
) -> list[Post]:
    """Return the owner's posts that say the same and were written lately, but for this one."""
    if not text.strip():
        return []
    same = Post.objects.of_owners([owner_id]).saying(fingerprint_of(text), since=now - LATELY)
    same = same.exclude(state=State.CANCELLED)
    if but is not None:
        same = same.exclude(pk=but.pk)
    return list(same.newest_first()[:5])


def require_known(field: str, wanted: Collection[int], known: Container[int]) -> None:
    """Raise InvalidRequest that names which of these ids there are not."""
    if unknown := [str(pk) for pk in wanted if pk not in known]:
        message = _("There are none with these ids: %(ids)s.")
        raise _invalid(field, "unknown", message % {"ids": ", ".join(unknown)})


def _require_writable(post: Post) -> None:
    if post.state in (State.PUBLISHED, State.CANCELLED):
        raise Conflict("post_over", _("Nothing of this post waits any more. Write a new one."))
    rows = Publication.objects.filter(post=post)
    if rows.filter(state__in=[*Publication.HELD, Publication.State.UNCONFIRMED]).exists():
        raise Conflict("being_sent", _("It is being sent already. Wait for what comes of that."))


def _write(post: Post, content: Mapping[str, Any]) -> None:
    for name in (*PLAIN, *ABOUT):
        if name in content:
            setattr(post, name, content[name])
    if "review" in content:
        name_quote(post, content["review"])
    if "utm" in content:
        post.utm = _marks(content["utm"])
    if "recurrence" in content:
        post.recurrence = read_rule(content["recurrence"])
        if post.state == State.SCHEDULED:
            post.repeats_at = post.scheduled_at if post.recurrence else None
    if "timezone" in content:
        validate_zone(content["timezone"])
        post.timezone = content["timezone"]
    if "campaign" in content:
        post.campaign = _campaign(post, content["campaign"])
    post.fingerprint = fingerprint_of(post.text)
    _require_own(post)


def _require_own(post: Post) -> None:
    """Raise InvalidRequest for a slot of somebody else's chef, or half a slot."""
    if post.chef and post.chef.owner_id != post.owner_id:
        raise _invalid("slot", "unknown", _("There is no such chef."))
    starts_at, ends_at = post.slot_starts_at, post.slot_ends_at
    if not (post.chef or starts_at or ends_at):
        return
    if not (post.chef and starts_at and ends_at):
        raise _invalid("slot", "invalid", _("A slot is a chef and two times."))
    if starts_at >= ends_at:
        raise _invalid("slot", "invalid", _("A slot ends after it begins."))


def _campaign(post: Post, pk: int | None) -> Campaign | None:
    if pk is None:
        return None
    campaign = Campaign.objects.of_owners([post.owner_id]).filter(pk=pk).first()
    if campaign is None:
        raise _invalid("campaign_id", "unknown", _("There is no such campaign."))
    return campaign


def _marks(utm: Mapping[str, str]) -> dict[str, str]:
    if unknown := sorted(set(utm) - set(MARKS)):
        message = _("There are no such marks: %(names)s.") % {"names": ", ".join(unknown)}
        raise _invalid("utm", "unknown", message)
    return {name: value for name, value in utm.items() if value}


def _rewrite_variants(
    post: Post, accounts: Collection[int] | None, variants: Mapping[int, str] | None
) -> None:
    """Write anew where it goes. Of what is scheduled, the accounts stay, and so do the rows."""
    standing = {row.account_id: row.text for row in post.variants.in_order()}
    wanted = list(standing) if accounts is None else list(dict.fromkeys(accounts))
    if set(wanted) != set(standing) and Publication.objects.filter(post=post).exists():
        message = _("It is scheduled on its accounts. Cancel it to choose others.")
        raise Conflict("accounts_fixed", message)
    texts = standing if variants is None else variants
    post.variants.all().delete()
    _go_on(post, wanted, {pk: text for pk, text in texts.items() if pk in wanted})


def _go_on(post: Post, accounts: Collection[int], variants: Mapping[int, str]) -> None:
    wanted = list(dict.fromkeys([*accounts, *variants]))
    if len(wanted) > MOST_ACCOUNTS:
        message = _("A post goes on at most %(most)s accounts.") % {"most": MOST_ACCOUNTS}
        raise _invalid("account_ids", "too_many", message)
    known = set(
        SocialAccount.objects.connected()
        .of_owners([post.owner_id])
        .filter(pk__in=wanted)
        .values_list("pk", flat=True)
    )
    require_known("account_ids", wanted, known)
    Variant.objects.bulk_create(
        Variant(post=post, account_id=pk, text=variants.get(pk, "")) for pk in wanted
    )


def _show(post: Post, media: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(media))
    if len(wanted) > MOST_PICTURES:
        message = _("A post shows at most %(most)s pictures.") % {"most": MOST_PICTURES}
        raise _invalid("media", "too_many", message)
    # Locked, so that nobody prunes them meanwhile.
    rows = Media.objects.of_owners([post.owner_id]).filter(pk__in=wanted).order_by("pk")
    known = set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    require_known("media", wanted, known)
    PostMedia.objects.bulk_create(
        PostMedia(post=post, media_id=pk, position=position) for position, pk in enumerate(wanted)
    )


def _invalid(field: str, code: str, message: str) -> InvalidRequest:
    error = {"field": field, "code": code, "message": message}
    return InvalidRequest("invalid", message, errors=[error])
