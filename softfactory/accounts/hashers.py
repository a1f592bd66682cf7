"""How passwords are kept: Argon2id at a cost that a site can pay while everybody signs in."""

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane.

    Source: OWASP's Password Storage Cheat Sheet. Django's own 100 MiB in eight lanes are ten times
    the CPU, and with every thread at it more memory than the rest of the site. A hash of another
    cost is still known, and renewed when its owner signs in.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
