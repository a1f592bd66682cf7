"""What food can suit: the words of menus, and of the search for chefs who have such menus."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

#: What a menu suits, by its name. Each has a bit where menus are stored: new ones go to the end.
DIETARY: dict[str, Promise] = {
    "vegetarian": pgettext_lazy("dietary", "Vegetarian"),
    "vegan": pgettext_lazy("dietary", "Vegan"),
    "pescatarian": pgettext_lazy("dietary", "Pescatarian"),
    "halal": pgettext_lazy("dietary", "Halal"),
    "kosher": pgettext_lazy("dietary", "Kosher"),
    "gluten_free": pgettext_lazy("dietary", "Gluten-free"),
    "dairy_free": pgettext_lazy("dietary", "Dairy-free"),
}
