"""Chef: a profile that can be booked, its rates, and the rules of its calendar."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bookings.models.card import Card
from bookings.models.diets import DIETARY
from bookings.models.policy import Policy
from bookings.models.words import cuisine_name, place_name
from bookings.querysets import ChefQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.db.tags import TagSet
from softfactory.kernel.money import DEFAULT_CURRENCY, Money
from softfactory.kernel.zones import validate_zone

MAX_BUFFER_MINUTES = 12 * 60
MAX_HORIZON_DAYS = 730
MOST_PER_DAY = 96  # quarter hours
FASTEST_KMH = 300
FURTHEST_KM = 3_000
STARS = (5, 4, 3, 2, 1)


def default_durations() -> list[int]:
    return [2, 3, 4]


def amount(label: str) -> models.BigIntegerField:
    """A column of money in minor units of the row's currency."""
    return models.BigIntegerField(label, default=0, validators=[MinValueValidator(0)])


class Chef(Versioned):
    """A chef as customers see one.

    The rating is kept in columns that follow from the reviews; it moves no version. The calendar's
    own settings (zone, buffers, notice, horizon, durations, step) are edited as its availability.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="chefs"
    )
    name = models.CharField(_("name"), max_length=100)
    bio = models.TextField(_("about"), max_length=4000, blank=True)
    cuisine = models.CharField(_("cuisine"), max_length=60)
    location = models.CharField(_("place"), max_length=100)
    picture = models.SlugField(_("picture"), max_length=60, blank=True)
    is_active = models.BooleanField(_("takes bookings"), default=True)
    instant_booking = models.BooleanField(_("confirms at once"), default=False)
    max_guests = models.PositiveSmallIntegerField(
        _("most guests"), default=20, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    policy = models.ForeignKey(
        Policy,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
        verbose_name=_("policy"),
    )
    currency = models.CharField(_("currency"), max_length=3, default=DEFAULT_CURRENCY)
    session_rate_amount = amount(_("price per booking"))
    hourly_rate_amount = amount(_("price per hour"))
    price_per_guest_amount = amount(_("price per guest"))

    rating_sum = models.PositiveIntegerField(default=0, editable=False)
    review_count = models.PositiveIntegerField(default=0, editable=False)
    rating_hundredths = models.PositiveSmallIntegerField(default=0, editable=False)
    # How many gave so many stars.
    stars_1 = models.PositiveIntegerField(default=0, editable=False)
    stars_2 = models.PositiveIntegerField(default=0, editable=False)
    stars_3 = models.PositiveIntegerField(default=0, editable=False)
    stars_4 = models.PositiveIntegerField(default=0, editable=False)
    stars_5 = models.PositiveIntegerField(default=0, editable=False)

    # What its menus on offer suit, all together.
    diets = TagSet(tags=list(DIETARY), editable=False)

    timezone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_zone]
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(_("minutes before"), default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(_("minutes after"), default=0)
    minimum_notice_minutes = models.PositiveIntegerField(_("minimum notice, minutes"), default=0)
    horizon_days = models.PositiveSmallIntegerField(_("days ahead"), default=90)
    durations = models.JSONField(_("durations, hours"), default=default_durations)
    slot_step_minutes = models.PositiveSmallIntegerField(_("minutes between starts"), default=30)

    # Bookings that start on one date of the chef's, at most; None: as many as fit.
    bookings_per_day = models.PositiveSmallIntegerField(
        _("bookings a day, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PER_DAY)],
    )

    # Where the chef sets out from; travel is counted where a speed is given.
    base_latitude = models.FloatField(_("latitude of the base"), null=True, blank=True)
    base_longitude = models.FloatField(_("longitude of the base"), null=True, blank=True)
    travel_kmh = models.PositiveSmallIntegerField(
        _("travels, km an hour"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(FASTEST_KMH)],
    )
    travel_most_km = models.PositiveSmallIntegerField(
        _("travels, km at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(FURTHEST_KM)],
    )

    # Whether bookings are written into calendars elsewhere: others' changes cost no query more.
    is_written_elsewhere = models.BooleanField(default=False, editable=False)

    # What `with_availability()` adds to a row.
    rule_rows: list[dict[str, Any]] | None
    exception_rows: list[dict[str, Any]] | None

    objects = PeersManager.from_queryset(ChefQuerySet)()

    class Meta:
        verbose_name = _("chef")
        verbose_name_plural = _("chefs")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    session_rate_amount__gte=0,
                    hourly_rate_amount__gte=0,
                    price_per_guest_amount__gte=0,
                ),
                name="bookings_chef_rates_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    buffer_before_minutes__lte=MAX_BUFFER_MINUTES,
                    buffer_after_minutes__lte=MAX_BUFFER_MINUTES,
                    slot_step_minutes__range=(15, 24 * 60),
                ),
                name="bookings_chef_minutes_in_range",
            ),
            models.CheckConstraint(
                condition=Exact(F("buffer_before_minutes") % 15, 0)
                & Exact(F("buffer_after_minutes") % 15, 0)
                & Exact(F("slot_step_minutes") % 15, 0),
                name="bookings_chef_quarter_hours",
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__range=(1, MAX_HORIZON_DAYS)),
                name="bookings_chef_horizon_in_range",
            ),
            models.CheckConstraint(
                condition=Q(travel_kmh__isnull=True)
                | Q(
                    travel_kmh__range=(1, FASTEST_KMH),
                    base_latitude__range=(-90, 90),
                    base_longitude__range=(-180, 180),
                ),
                name="bookings_chef_travels_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(bookings_per_day__isnull=True) | Q(bookings_per_day__gte=1),
                name="bookings_chef_some_per_day",
            ),
            models.CheckConstraint(
                condition=Q(rating_hundredths__lte=500), name="bookings_chef_rating_in_range"
            ),
        ]
        indexes = [
            # Explore and the public list, newest first: a page after the cursor.
            models.Index(
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(is_active=True),
                name="bookings_chef_newest",
            ),
            # The same, best rated first.
            models.Index(
                F("rating_hundredths").desc(),
                F("id").desc(),
                condition=Q(is_active=True),
                name="bookings_chef_best_rated",
            ),
            # The same, by the price of an hour.
            models.Index(
                F("hourly_rate_amount"),
                F("id"),
                condition=Q(is_active=True),
                name="bookings_chef_cheapest",
            ),
            # The same, by name.
            models.Index(
                F("name"), F("id"), condition=Q(is_active=True), name="bookings_chef_by_name"
            ),
            # A cuisine, whatever its case: the public list, newest first.
            models.Index(
                Upper("cuisine"),
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(is_active=True),
                name="bookings_chef_cuisine",
            ),
            # The same in explore, best rated first.
            models.Index(
                Upper("cuisine"),
                F("rating_hundredths").desc(),
                F("id").desc(),
                condition=Q(is_active=True),
                name="bookings_chef_cuisine_best",
            ),
            # Explore: how many have menus for whom.
            models.Index(fields=["diets"], condition=Q(is_active=True), name="bookings_chef_diets"),
            # Explore: which cuisines and places there are, each found from the one before it.
            models.Index(
                fields=["cuisine"], condition=Q(is_active=True), name="bookings_chef_cuisines"
            ),
            models.Index(
                fields=["location"], condition=Q(is_active=True), name="bookings_chef_places"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_the_way(self) -> bool:
        """Whether the way to a visit is kept free, so that it matters where that is."""
        return self.travel_kmh is not None

    @property
    def derived(self) -> str:
        return f"{self.review_count}.{self.rating_sum}"

    @property
    def cuisine_name(self) -> str:
        """The cuisine in the active language."""
        return cuisine_name(self.cuisine)

    @property
    def place_name(self) -> str:
        """The place in the active language."""
        return place_name(self.location)

    @property
    def card(self) -> Card:
        """What lists show of the chef."""
        return Card(*(getattr(self, name) for name in Card._fields))

    @property
    def on_page(self) -> tuple[str | int | None, ...]:
        """All that the chef's own page shows, but for times and reviews."""
        return (
            *self.card,
            self.bio,
            self.session_rate_amount,
            self.price_per_guest_amount,
            self.max_guests,
            self.instant_booking,
            self.minimum_notice_minutes,
            self.horizon_days,
            self.policy_id,
        )

    @property
    def session_rate(self) -> Money:
        """What a booking costs once."""
        return Money(self.session_rate_amount, self.currency)

    @property
    def hourly_rate(self) -> Money:
        """What each hour of a booking costs."""
        return Money(self.hourly_rate_amount, self.currency)

    @property
    def price_per_guest(self) -> Money:
        """What each guest of a booking costs."""
        return Money(self.price_per_guest_amount, self.currency)

    @property
    def price_from(self) -> Money:
        """The least that a booking of this chef costs: the shortest one, for one guest."""
        shortest = min(self.durations, default=1)
        return self.session_rate + self.hourly_rate * shortest + self.price_per_guest

    @property
    def rating_counts(self) -> dict[int, int]:
        """How many gave how many stars, the most first."""
        return {stars: getattr(self, f"stars_{stars}") for stars in STARS}

    @property
    def rating(self) -> float | None:
        """The average of the reviews' ratings to two decimals, None while there are none."""
        return self.rating_hundredths / 100 if self.review_count else None
