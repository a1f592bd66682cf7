"""Many posts are due at one instant: none is early, and one worker is done within a minute.

`PUBLISHING_DUE=1000` makes it as large as it is meant; the suite has less.
"""

import signal
import statistics
import subprocess
import sys

from tests.faults.publishing import count, run, site_with_posts, size, tell
from tests.networks.bluesky import BlueskyPeer
from tests.networks.peer import peer, slow
from tests.programs import eventually
from tests.site import ROOT

POSTS = size("PUBLISHING_DUE", 40)
LATENCY = 0.05  # seconds that the peer takes for a post
DUE_IN = 15  # seconds, by when the clock runs
LEFT = """
from sns.models import Publication
print(Publication.objects.exclude(state="published").count())
"""


def test_none_is_early_and_the_last_is_there_in_a_minute(tmp_path):
    with (
        peer(BlueskyPeer) as server,
        site_with_posts(
            tmp_path, "bluesky", server, posts=POSTS, accounts=POSTS // 5, due_in=DUE_IN
        ) as site,
    ):
        server.mood = lambda _number: slow(LATENCY)
        command = [sys.executable, "manage.py", "run_due", "--loop"]
        clock = subprocess.Popen(command, env=site.env, cwd=ROOT)
        try:
            eventually(lambda: len(server.posts) == POSTS, "Not all were published.")
            eventually(lambda: run(site, LEFT).strip() == "0", "Not all were recorded.")
        finally:
            clock.send_signal(signal.SIGTERM)
            clock.wait(60)
        counted = count(site)
    late = sorted(counted["late"])
    p99 = late[max(0, round(len(late) * 0.99) - 1)]
    tell(posts=POSTS, first=late[0], p50=statistics.median(late), p99=p99, last=late[-1])
    assert len(late) == POSTS
    assert late[0] >= 0
    assert p99 < 60
