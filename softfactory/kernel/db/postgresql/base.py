"""PostgreSQL as this site uses it: Django's backend, with generations."""

from django.db.backends.postgresql import base

from softfactory.kernel.db.generations import GenerationsMixin


class DatabaseWrapper(GenerationsMixin, base.DatabaseWrapper):
    """Django's PostgreSQL backend that moves generations before COMMIT."""

    takes_number = "pg_try_advisory_xact_lock(%s)"
