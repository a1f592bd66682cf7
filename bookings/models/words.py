"""The cuisines and places that the site has words for, and the drawing that stands for a cuisine;
and how large a visit is.

Chefs may write others; those are shown as they were written.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

#: By the name that chefs store: what the site calls it, and its drawing.
CUISINES: dict[str, tuple[Promise, str]] = {
    "Korean": (pgettext_lazy("cuisine", "Korean"), "bibimbap"),
    "Japanese": (pgettext_lazy("cuisine", "Japanese"), "sushi"),
    "Chinese": (pgettext_lazy("cuisine", "Chinese"), "dim-sum"),
    "Italian": (pgettext_lazy("cuisine", "Italian"), "pasta"),
    "French": (pgettext_lazy("cuisine", "French"), "bouillabaisse"),
    "Spanish": (pgettext_lazy("cuisine", "Spanish"), "paella"),
    "Mexican": (pgettext_lazy("cuisine", "Mexican"), "tacos"),
    "Indian": (pgettext_lazy("cuisine", "Indian"), "curry"),
    "Thai": (pgettext_lazy("cuisine", "Thai"), "pad-thai"),
    "Vietnamese": (pgettext_lazy("cuisine", "Vietnamese"), "pho"),
    "Middle Eastern": (pgettext_lazy("cuisine", "Middle Eastern"), "mezze"),
    "Vegan": (pgettext_lazy("cuisine", "Vegan"), "garden-bowl"),
}

PLACES: dict[str, Promise] = {
    "Seoul": pgettext_lazy("place", "Seoul"),
    "Busan": pgettext_lazy("place", "Busan"),
    "Jeju": pgettext_lazy("place", "Jeju"),
    "Daegu": pgettext_lazy("place", "Daegu"),
    "Gyeongju": pgettext_lazy("place", "Gyeongju"),
    "Tokyo": pgettext_lazy("place", "Tokyo"),
    "Osaka": pgettext_lazy("place", "Osaka"),
    "Paris": pgettext_lazy("place", "Paris"),
    "Lyon": pgettext_lazy("place", "Lyon"),
    "Barcelona": pgettext_lazy("place", "Barcelona"),
    "Lisbon": pgettext_lazy("place", "Lisbon"),
    "London": pgettext_lazy("place", "London"),
    "New York": pgettext_lazy("place", "New York"),
    "San Francisco": pgettext_lazy("place", "San Francisco"),
    "Melbourne": pgettext_lazy("place", "Melbourne"),
}


def cuisine_name(stored: str) -> str:
    """Return a chef's cuisine in the active language, as far as there is a word for it."""
    return str(CUISINES[stored][0]) if stored in CUISINES else stored


def place_name(stored: str) -> str:
    """Return a chef's place in the active language, as far as there is a word for it."""
    return str(PLACES.get(stored, stored))


def stored_word(typed: str) -> str:
    """Return what chefs store for a cuisine or place typed in the active language: 서울 → Seoul."""
    wanted = typed.strip().casefold()
    names = {str(label): stored for stored, (label, _picture) in CUISINES.items()}
    names |= {str(label): stored for stored, label in PLACES.items()}
    return next((s for label, s in names.items() if label.casefold() == wanted), typed)


def size_of(hours: int, guests: int) -> str:
    """Return how long a visit is and for how many: `2 hours, 4 guests`."""
    lasting = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    people = ngettext("%(n)s guest", "%(n)s guests", guests) % {"n": guests}
    return _("%(hours)s, %(guests)s") % {"hours": lasting, "guests": people}
