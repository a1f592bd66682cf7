"""Forms that make something make it once, however often they are sent.

A page brings a key along with its form. What was made under it is kept in the same transaction, for
a day: pressing twice, or sending again after a lost answer, leads to what is there already.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest
from django.utils.translation import gettext as _

from softfactory.kernel.answers import Answer, Asked, KeyInUse, find, keep
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict

FIELD = "once"
LONGEST = 100  # characters


def new_key() -> str:
    """Return a key that no form had yet."""
    return secrets.token_urlsafe(16)


def key_for(request: HttpRequest) -> str:
    """Return the key of a form: the one that it was sent with, or a new one."""
    return request.POST.get(FIELD, "")[:LONGEST] or new_key()


@transactional
def once(request: HttpRequest, *, now: datetime, make: Callable[[], str]) -> str:
    """Return what `make` makes, or what it made when the form was sent before; without a key, it
    is made. Raises Conflict `being_saved` while the first request makes it.
    """
    key = request.POST.get(FIELD, "")[:LONGEST]
    if not key:
        return make()
    asked = Asked(request.user.pk, f"page {request.path}", key, "", now)
    try:
        kept = find(asked)
    except KeyInUse as error:
        message = _("This is being saved already. Look at your posts in a moment.")
        raise Conflict("being_saved", message) from error
    if kept:
        return kept.body.decode()
    made = make()
    keep(asked, Answer(HTTPStatus.OK, {}, made.encode()))
    return made
