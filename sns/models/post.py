"""Post: what is written once; Variant: on which account it goes, and what it says there."""

from hashlib import sha256

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models import Chef, Review
from sns.models.account import SocialAccount
from sns.models.planning import Campaign
from sns.querysets import PostQuerySet, VariantQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.zones import validate_zone

MOST_TEXT = 20_000  # characters
USUAL_LATENESS = 4 * 60  # minutes
MOST_LATENESS = 7 * 24 * 60


class Post(Versioned):
    """What is to be published, once written, on some of its owner's accounts.

    Until it is scheduled it has no publications. Then it has one for each account, and once they
    have all come to rest its state says what became of them together.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("post", "Draft")
        IN_REVIEW = "in_review", pgettext_lazy("post", "In review")
        APPROVED = "approved", pgettext_lazy("post", "Approved")
        SCHEDULED = "scheduled", pgettext_lazy("post", "Scheduled")
        PUBLISHED = "published", pgettext_lazy("post", "Published")
        PARTLY = "partly", pgettext_lazy("post", "Published in part")
        FAILED = "failed", pgettext_lazy("post", "Failed")
        MISSED = "missed", pgettext_lazy("post", "Missed")
        CANCELLED = "cancelled", pgettext_lazy("post", "Cancelled")

    class OnTaken(models.TextChoices):
        """What becomes of a post about a free slot, once the slot is taken."""

        SKIP = "skip", _("It is not published")
        DELETE = "delete", _("It is not published, or deleted if it was")

    #: States in which it may still be written.
    OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.SCHEDULED)
    #: States in which it can be scheduled, by whoever may.
    UNSCHEDULED = (State.DRAFT, State.IN_REVIEW, State.APPROVED)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="social_posts",
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False
    )
    text = models.TextField(_("text"), max_length=MOST_TEXT, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    link = models.CharField(_("link"), max_length=2_000, blank=True)
    # {"source": …, "medium": …, "campaign": …}, added to links to public pages.
    utm = models.JSONField(_("marks in links"), default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.SET_NULL,
        related_name="posts",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("campaign"),
    )

    scheduled_at = models.DateTimeField(_("time"), null=True, blank=True, editable=False)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_zone]
    )
    late_minutes = models.PositiveIntegerField(
        _("minutes it may be late"),
        default=USUAL_LATENESS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LATENESS)],
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
    )

    # What is repeated names its rule; once `repeats_at` has come, the next one is written.
    recurrence = models.JSONField(_("repetition"), null=True, blank=True)
    repeats_at = models.DateTimeField(_("repeats"), null=True, blank=True, editable=False)
    repetition_of = models.OneToOneField(
        "self", on_delete=models.SET_NULL, related_name="repetition", null=True, editable=False
    )

    # A last-minute opening: the chef's free time that it tells of.
    chef = models.ForeignKey(
        Chef, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    slot_starts_at = models.DateTimeField(_("slot begins"), null=True, blank=True)
    slot_ends_at = models.DateTimeField(_("slot ends"), null=True, blank=True)
    on_taken = models.CharField(
        _("once the slot is taken"), max_length=6, choices=OnTaken, default=OnTaken.SKIP
    )
    # What it quotes; that it does stays known of a review that is gone.
    review = models.ForeignKey(
        Review, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, db_index=False
    )
    is_quote = models.BooleanField(_("quotes a review"), default=False, editable=False)

    objects = PeersManager.from_queryset(PostQuerySet)()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review", "approved", "cancelled"])
                | Q(scheduled_at__isnull=False),
                name="sns_post_scheduled",
            ),
            models.CheckConstraint(
                condition=Q(chef=None, slot_starts_at=None, slot_ends_at=None)
                | Q(
                    chef__isnull=False,
                    slot_starts_at__isnull=False,
                    slot_ends_at__gt=F("slot_starts_at"),
                ),
                name="sns_post_slot",
            ),
            models.CheckConstraint(
                condition=Q(review=None) | Q(is_quote=True), name="sns_post_quote"
            ),
        ]
        indexes = [
            # An owner's posts, the last one first.
            models.Index(F("owner"), F("created_at").desc(), F("id").desc(), name="sns_post_owner"),
            # The same in one state.
            models.Index(
                F("owner"),
                F("state"),
                F("created_at").desc(),
                F("id").desc(),
                name="sns_post_state",
            ),
            # The calendar and the queue: an owner's posts between two instants.
            models.Index(
                fields=["owner", "scheduled_at", "id"],
                condition=Q(scheduled_at__isnull=False),
                name="sns_post_calendar",
            ),
            # The posts of a campaign.
            models.Index(
                fields=["campaign", "scheduled_at"],
                condition=Q(campaign__isnull=False),
                name="sns_post_campaign",
            ),
            # Whether the owner said the same lately.
            models.Index(fields=["owner", "fingerprint", "created_at"], name="sns_post_duplicate"),
            # run_due: what is to be repeated.
            models.Index(
                fields=["repeats_at"],
                condition=Q(repeats_at__isnull=False),
                name="sns_post_repeats",
            ),
            # A review's quotes.
            models.Index(
                fields=["review"], condition=Q(review__isnull=False), name="sns_post_review"
            ),
        ]

    def __str__(self) -> str:
        beginning = Truncator(" ".join(self.text.split())).chars(60)
        return self.title or beginning or f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be written."""
        return self.state in self.OPEN


def fingerprint_of(text: str) -> str:
    """Return what two texts have in common that say the same: letter case and spaces aside."""
    return sha256(" ".join(text.casefold().split()).encode()).hexdigest()


class Variant(models.Model):
    """That a post goes on an account; with a text, that it says something else there."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="variants", db_index=False
    )
    account = models.ForeignKey(
        SocialAccount, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField(_("text"), max_length=MOST_TEXT, blank=True)

    objects = PeersManager.from_queryset(VariantQuerySet)()

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            # The variants of a post.
            models.UniqueConstraint(fields=["post", "account"], name="sns_variant_once"),
        ]
        indexes = [
            # Whether anything is written for an account.
            models.Index(fields=["account"], name="sns_variant_account"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.account_id}"
