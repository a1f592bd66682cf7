"""Templates' placeholders: `{chef.name}` stands for what the business has.

A template is text with names from a list of ours in braces, and nothing else: no expression, no
attribute, no format. What is filled in is text too, and is not looked at again. A brace that is
meant is written twice: `{{`.
"""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from softfactory.kernel.problems import DomainError

#: What each stands for, in words for whoever writes a template.
PLACEHOLDERS: Final[Mapping[str, Promise]] = {
    "chef.name": gettext_lazy("The chef's name"),
    "chef.cuisine": gettext_lazy("What the chef cooks"),
    "chef.place": gettext_lazy("Where the chef cooks"),
    "chef.rating": gettext_lazy("The average rating, such as 4.8"),
    "chef.link": gettext_lazy("The address of the chef's page"),
    "slot.date": gettext_lazy("The day of the free time, in the chef's zone"),
    "slot.time": gettext_lazy("When the free time begins, in the chef's zone"),
    "slot.link": gettext_lazy("The address at which this time is booked"),
    "review.text": gettext_lazy("What the guest wrote"),
    "review.rating": gettext_lazy("How many stars the guest gave"),
    "review.author": gettext_lazy("The guest's name, as the review shows it"),
    "menu.name": gettext_lazy("The menu's name"),
    "menu.price": gettext_lazy("What the menu costs for each guest"),
    "menu.courses": gettext_lazy("What is served, a line each"),
}

# `{{` and `}}` are braces, `{…}` is a placeholder, and a lone brace is a mistake.
PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def names_in(text: str) -> list[str]:
    """Return the placeholders of a template, in order, each once.

    Raises DomainError (`placeholder_unknown`, `placeholder_open`), which names the one it means.
    """
    found = dict.fromkeys(_name(match) for match in PIECE.finditer(text))
    return [name for name in found if name is not None]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder's value. Raises as `names_in` does, and DomainError
    (`placeholder_empty`) for what has no value here.
    """

    def filled(match: re.Match[str]) -> str:
        name = _name(match)
        if name is None:
            return match[0][0]
        if value := values.get(name, ""):
            return value
        message = _("There is nothing to put for %(name)s. Choose it, or take the name out.")
        raise DomainError("placeholder_empty", message % {"name": f"{{{name}}}"})

    return PIECE.sub(filled, text)


def _name(match: re.Match[str]) -> str | None:
    """The placeholder that was found; None for a brace that is meant."""
    if match[0] in {"{{", "}}"}:
        return None
    if match[1] is None:
        message = _("A brace stands alone. Write it twice if it is meant: %(brace)s")
        raise DomainError("placeholder_open", message % {"brace": match[0] * 2})
    name = match[1].strip()
    if name not in PLACEHOLDERS:
        message = _("There is no %(name)s. The list beside the text has those that there are.")
        raise DomainError("placeholder_unknown", message % {"name": f"{{{name[:60]}}}"})
    return name
