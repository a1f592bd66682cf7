"""Publication: one post on one account, until it is there; Attempt: one try, and what came of it.

What is sent, and when, is a publication's row. A worker claims it by a conditional update, which
counts `claim`: the number is the fencing token of all that the worker records. Attempts are added
and never changed; triggers in the migration hold that.
"""

from hashlib import sha256

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sns.models.account import SocialAccount
from sns.models.post import Post
from sns.querysets import AttemptQuerySet, PublicationQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Publication(models.Model):
    """One post on one account.

    `scheduled → claimed → sending → published`; `claimed` has sent nothing yet, so whoever finds
    one whose lease ran out puts it back. Of one that was `sending` then, nobody knows: it is
    `unconfirmed`, and the network is read before anything is sent again.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", pgettext_lazy("publication", "Scheduled")
        CLAIMED = "claimed", pgettext_lazy("publication", "About to be sent")
        SENDING = "sending", pgettext_lazy("publication", "Being sent")
        PUBLISHED = "published", pgettext_lazy("publication", "Published")
        FAILED = "failed", pgettext_lazy("publication", "Failed")
        UNCONFIRMED = "unconfirmed", pgettext_lazy("publication", "Asking whether it arrived")
        MISSED = "missed", pgettext_lazy("publication", "Missed")
        CANCELLED = "cancelled", pgettext_lazy("publication", "Cancelled")

    #: A worker has it.
    HELD = (State.CLAIMED, State.SENDING)
    #: Nothing more is done about it by itself.
    ENDED = (State.PUBLISHED, State.FAILED, State.MISSED, State.CANCELLED)

    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="publications", db_index=False
    )
    account = models.ForeignKey(
        SocialAccount, on_delete=models.PROTECT, related_name="publications", db_index=False
    )
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.SCHEDULED)
    scheduled_at = models.DateTimeField(_("time"))
    late_at = models.DateTimeField(_("not later than"))
    # When something is to be done about it next; nobody has it until then.
    due_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claim = models.PositiveIntegerField(_("claims"), default=0)
    tries = models.PositiveIntegerField(_("times sent"), default=0)
    checks = models.PositiveIntegerField(_("times looked for"), default=0)
    # What is sent, as it was when it was first sent: it is looked for by that, and sent again so.
    content = models.JSONField(_("content"), null=True, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(_("address"), max_length=2_000, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted there"), null=True, blank=True)
    # Where a slot that it tells of may be taken meanwhile: when to look again.
    watched_at = models.DateTimeField(null=True, blank=True, editable=False)
    likes = models.PositiveIntegerField(_("likes"), null=True, blank=True)
    replies = models.PositiveIntegerField(_("replies"), null=True, blank=True)
    reposts = models.PositiveIntegerField(_("reposts"), null=True, blank=True)
    reactions_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PeersManager.from_queryset(PublicationQuerySet)()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            # One for a post and an account; the publications of a post.
            models.UniqueConstraint(fields=["post", "account"], name="sns_publication_once"),
            # Two posts are never sent on the same account at once.
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(lease_until__isnull=False),
                name="sns_publication_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="scheduled", due_at__isnull=False, lease_until=None)
                | Q(state__in=["claimed", "sending"], due_at=None, lease_until__isnull=False)
                | Q(state="unconfirmed", lease_until=None)
                | Q(
                    state__in=["published", "failed", "missed", "cancelled"],
                    due_at=None,
                    lease_until=None,
                ),
                name="sns_publication_state",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False, remote_id__gt="")
                | Q(published_at=None, remote_id="") & ~Q(state="published"),
                name="sns_publication_published",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "claimed", "missed", "cancelled", "failed"])
                | Q(content__isnull=False),
                name="sns_publication_content",
            ),
        ]
        indexes = [
            # The worker and run_due: what is to be sent, or looked for, now.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="sns_publication_due",
            ),
            # The same: what was claimed for too long.
            models.Index(
                fields=["lease_until"],
                condition=Q(lease_until__isnull=False),
                name="sns_publication_held",
            ),
            # The publications of an account, the last one first.
            models.Index(
                F("account"),
                F("scheduled_at").desc(),
                F("id").desc(),
                name="sns_publication_account",
            ),
            # run_due: what tells of a slot that may be taken meanwhile.
            models.Index(
                fields=["watched_at"],
                condition=Q(watched_at__isnull=False),
                name="sns_publication_watched",
            ),
            # run_due: what likes and replies are to be fetched of.
            models.Index(
                fields=["reactions_at"],
                condition=Q(reactions_at__isnull=False),
                name="sns_publication_reactions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.account_id}"

    @property
    def key(self) -> str:
        """What networks know it by, however often it is sent: it follows from the row's id.

        And from the microsecond in which the row was made, so that a restored backup, or another
        site on the same account, does not call another post the same.
        """
        return sha256(f"{self.pk} {self.created_at.isoformat()}".encode()).hexdigest()[:32]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is done about it by itself."""
        return self.state in self.ENDED


class Attempt(models.Model):
    """One try at a publication, and what came of it. Its number is the claim under which it was."""

    class Kind(models.TextChoices):
        SEND = "send", pgettext_lazy("attempt", "Sent")
        FIND = "find", pgettext_lazy("attempt", "Looked for")
        DELETE = "delete", pgettext_lazy("attempt", "Deleted")

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("attempt", "Done")
        ABSENT = "absent", pgettext_lazy("attempt", "Not there")
        REFUSED = "refused", pgettext_lazy("attempt", "Refused")
        LATER = "later", pgettext_lazy("attempt", "Later")
        UNSURE = "unsure", pgettext_lazy("attempt", "Not sure")
        LOST = "lost", pgettext_lazy("attempt", "The worker broke off")

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="attempts", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("what"), max_length=6, choices=Kind)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    # What the network said, or the address of the post.
    answer = models.CharField(_("answer"), max_length=2_000, blank=True)
    retry_at = models.DateTimeField(_("asked to wait until"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("began"))
    duration_ms = models.PositiveIntegerField(_("milliseconds"))
    created_at = models.DateTimeField(_("recorded"), default=clock.now, editable=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            # The attempts at a publication, in order; each is recorded once.
            models.UniqueConstraint(fields=["publication", "number"], name="sns_attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}/{self.number}"
