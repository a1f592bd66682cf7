"""How passwords are kept: Argon2id at a cost that a site can pay while everybody signs in."""

import threading

from django.contrib.auth import hashers

# Two at once take twice the memory, and of a process's threads no more than one has a core.
_one_at_a_time = threading.Lock()


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id with 12 MiB, three passes and one lane.

    Source: OWASP's Password Storage Cheat Sheet. Django's own 100 MiB in eight lanes are ten times
    the CPU, and with every thread at it more memory than the rest of the site. A hash of another
    cost is still known, and renewed when its owner signs in.
    """

    memory_cost = 12 * 1024  # KiB
    time_cost = 3
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _one_at_a_time:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _one_at_a_time:
            return super().verify(password, encoded)
