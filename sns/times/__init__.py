"""When something is published: the next free queue time, and what repeats, by a local clock.

Pure: no database and no clock of its own. Instants are aware and in UTC, local times naive with
the zone beside them.
"""

from sns.times.queue import QueueTime, next_free, queue_times
from sns.times.repeating import Repetition
from sns.times.wall import exists, instant_of

__all__ = ["QueueTime", "Repetition", "exists", "instant_of", "next_free", "queue_times"]
