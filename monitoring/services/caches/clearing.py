"""Clearing: generations move, so that nobody, on any worker or machine, asks for what was kept.

Nothing is deleted. Old answers expire, or are pushed out by new ones.
"""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from monitoring.routes import groups_below
from softfactory.kernel.db import generations
from softfactory.kernel.problems import DomainError

TAG = re.compile(r"(\w{1,40})(?::([-\w]{1,40}|\*))?", re.ASCII)


def clear_all() -> list[str]:
    """Let every cached read be made anew; returns the generations that moved.

    It holds after writes from outside Django and after a restore too.
    """
    generations.begin_anew()
    return sorted(generations.groups())


def clear_tag(tag: str) -> list[str]:
    """Let what follows a group (`chefs`), or one key of it (`calendar:12`), be made anew.

    Returns the generations that moved. Raises DomainError for a group that there is not.
    """
    found = TAG.fullmatch(tag)
    if not found or found[1] not in generations.groups():
        known = ", ".join(sorted(generations.groups()))
        message = _("Nothing is kept under this tag. There are %(tags)s, and keys such as %(key)s.")
        raise DomainError("unknown_tag", message % {"tags": known, "key": "calendar:12"})
    return clear_generations([tag])


def clear_prefix(prefix: str) -> list[str]:
    """Let the cached reads at an address, and below it, be made anew, in every language.

    Whatever else follows the same generations is made anew with them. Returns the generations
    that moved. Raises DomainError if no cached read is there.
    """
    tags = groups_below(prefix)
    if not tags:
        raise DomainError("unknown_prefix", _("Nothing is kept of any address below this one."))
    return clear_generations(tags)


def clear_generations(names: Collection[str]) -> list[str]:
    """Move these as a write would: reads of all keys of a group follow each of its keys.

    Returns the generations that moved.
    """
    groups = {name.partition(":")[0] for name in names if ":" in name}
    moved = sorted({*names, *map(generations.some, groups)})
    generations.move_now(*moved)
    return moved
