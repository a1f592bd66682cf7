"""Menu: courses that a chef cooks at a price per guest."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models.chef import Chef, amount
from bookings.models.diets import DIETARY
from bookings.querysets import MenuQuerySet
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.db.tags import TagSet
from softfactory.kernel.money import DEFAULT_CURRENCY, Money

MOST_COURSES = 12
LONGEST_COURSE = 200
LONGEST_HOURS = 24
MOST_GUESTS = 500

#: The fourteen that Regulation (EU) No 1169/2011 has named to guests.
ALLERGENS: dict[str, Promise] = {
    "gluten": pgettext_lazy("allergen", "Gluten"),
    "crustaceans": pgettext_lazy("allergen", "Crustaceans"),
    "eggs": pgettext_lazy("allergen", "Eggs"),
    "fish": pgettext_lazy("allergen", "Fish"),
    "peanuts": pgettext_lazy("allergen", "Peanuts"),
    "soy": pgettext_lazy("allergen", "Soy"),
    "milk": pgettext_lazy("allergen", "Milk"),
    "nuts": pgettext_lazy("allergen", "Nuts"),
    "celery": pgettext_lazy("allergen", "Celery"),
    "mustard": pgettext_lazy("allergen", "Mustard"),
    "sesame": pgettext_lazy("allergen", "Sesame"),
    "sulphites": pgettext_lazy("allergen", "Sulphites"),
    "lupin": pgettext_lazy("allergen", "Lupin"),
    "molluscs": pgettext_lazy("allergen", "Molluscs"),
}


class Menu(Versioned):
    """What a chef cooks as a whole, for so many guests. Courses stand one on a line.

    One that is withdrawn stays, for those who booked it.
    """

    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="menus", db_index=False)
    title = models.CharField(_("title"), max_length=100)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    courses = models.TextField(_("courses"))
    currency = models.CharField(_("currency"), max_length=3, default=DEFAULT_CURRENCY)
    price_per_guest_amount = amount(_("price per guest"))
    duration_hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HOURS)]
    )
    min_guests = models.PositiveSmallIntegerField(
        _("fewest guests"), default=1, validators=[MinValueValidator(1)]
    )
    max_guests = models.PositiveSmallIntegerField(
        _("most guests"), validators=[MinValueValidator(1), MaxValueValidator(MOST_GUESTS)]
    )
    dietary = TagSet(_("suits"), tags=list(DIETARY))
    allergens = models.JSONField(_("allergens"), default=list)
    is_active = models.BooleanField(_("is offered"), default=True)
    # On the public shelf; narrower copies as [name, width], made in the background.
    picture = models.CharField(max_length=60, blank=True, editable=False)
    picture_alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    picture_copies = models.JSONField(default=list, editable=False)

    objects = PeersManager.from_queryset(MenuQuerySet)()

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    price_per_guest_amount__gte=0,
                    duration_hours__range=(1, LONGEST_HOURS),
                    min_guests__gte=1,
                    min_guests__lte=F("max_guests"),
                    max_guests__lte=MOST_GUESTS,
                ),
                name="bookings_menu_in_range",
            ),
        ]
        indexes = [
            # A chef's menus.
            models.Index(fields=["chef", "id"], name="bookings_menu_chef"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def price_per_guest(self) -> Money:
        """What each guest pays."""
        return Money(self.price_per_guest_amount, self.currency)

    @property
    def course_list(self) -> list[str]:
        """The courses in order."""
        return self.courses.splitlines()

    @property
    def dietary_names(self) -> list[str]:
        """What it suits, in the active language."""
        return [str(DIETARY[key]) for key in self.dietary if key in DIETARY]

    @property
    def allergen_names(self) -> list[str]:
        """What is in it, in the active language."""
        return [str(ALLERGENS[key]) for key in self.allergens if key in ALLERGENS]

    @property
    def on_page(self) -> tuple[Any, ...]:
        """All that decides how a page shows it."""
        return self.pk, self.version
