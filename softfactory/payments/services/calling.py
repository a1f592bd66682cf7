"""How long whoever calls a gateway has for it, and when what they sent is on its way no more."""

from datetime import timedelta

LEASE = timedelta(seconds=60)  # longer than any call takes
QUIET = timedelta(minutes=10)
