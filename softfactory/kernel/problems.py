"""Refusals: a rule that said no, in words for the person and a code for the program."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

type FieldError = Mapping[str, str]  # {"field", "code", "message"}


class DomainError(Exception):
    """A rule said no: a stable code, and a sentence that tells the person what to do."""

    status = 422
    #: Seconds after which the same request may fare better, if time is all it takes.
    retry_after: int | None = None

    def __init__(self, code: str, message: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = list(errors)


class Conflict(DomainError):
    """The state of things, or somebody else's booking, forbids it."""

    status = 409


class PreconditionFailed(DomainError):
    """If-Match names a version that is no more."""

    status = 412


def stale_version() -> PreconditionFailed:
    """Return the refusal of a write to a row that was changed since its caller read it."""
    return PreconditionFailed(
        "stale_version",
        _("Somebody changed this in the meantime. Read it again, then repeat your change."),
    )


class PreconditionRequired(DomainError):
    """A write to a versioned row came without If-Match."""

    status = 428


class InvalidRequest(DomainError):
    """The request's shape is wrong."""

    status = 400


class NotFound(DomainError):
    """What the request speaks of is absent, or not for this person to see."""

    status = 404


class Forbidden(DomainError):
    """The person may see it, but this is for somebody else to do."""

    status = 403
