"""Workers are killed in the middle of publishing on the real servers; each post is there once.

Bluesky honours keys, WordPress does not. A round's clock is five minutes after the one before, so
that nobody waits for a dead worker's lease.
"""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.peers.bluesky_server import bluesky
from tests.peers.wordpress_server import wordpress
from tests.site import GIVE_UP, ROOT, Site, throw_away_database

POSTS, KILLS = 60, 12
MAKE_POSTS = """
import json
from datetime import timedelta
from softfactory.accounts.models import User
from softfactory.kernel import clock
from tests.sns.makers import make_account, make_publication, make_post
account = json.loads({account!r})
ana = User.objects.create_user(email="ana@example.test", password=None)
account = make_account(ana, **account)
at = clock.now() - timedelta(minutes=1)
for number in range({posts}):
    post = make_post(ana, accounts=[account], text=f"Kimchi {{number}}", state="scheduled",
                     scheduled_at=at)
    make_publication(account, post=post, scheduled_at=at, late_at=at + timedelta(days=9))
"""
COUNT = """
import json
from collections import Counter
from sns.models import Attempt, Publication
states = Counter(Publication.objects.values_list("state", flat=True))
outcomes = Counter(":".join(row) for row in Attempt.objects.values_list("kind", "outcome"))
print(json.dumps([states, outcomes]))
"""


class Posting:
    """A site without web servers, and the posts of one account that are due there."""

    def __init__(self, folder: Path, database_url: str, account: dict) -> None:
        self.site = Site(folder, database_url, OUTBOUND_ALLOW="127.0.0.1")
        self.now = clock.now()
        self.site.manage("migrate", "--verbosity", "0")
        script = MAKE_POSTS.format(account=json.dumps(account), posts=POSTS)
        self.site.manage("shell", "-v0", "-c", script)

    def start_round(self) -> subprocess.Popen:
        self.now += timedelta(minutes=5)
        command = [sys.executable, "manage.py", "run_due", "--now", self.now.isoformat()]
        return subprocess.Popen(
            command,
            env=self.site.env,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def counted(self):
        """How many publications are in each state, and attempts of each kind and outcome."""
        return json.loads(self.site.manage("shell", "-v0", "-c", COUNT))


def publish_and_kill(posting, shown):
    """Kill workers a moment after they have published two more; let the last ones finish."""
    for kill in range(KILLS):
        wanted = len(shown()) + 2
        worker = posting.start_round()
        deadline = time.monotonic() + GIVE_UP
        while worker.poll() is None and len(shown()) < wanted and time.monotonic() < deadline:
            pass
        time.sleep(0.005 * kill)
        assert worker.poll() is None, "It ended before it was killed"
        worker.kill()
        worker.wait()
    for _ in range(3):
        assert posting.start_round().wait(GIVE_UP) == 0


@contextmanager
def on_bluesky(folder):
    """An account there, and what its network shows."""
    with bluesky(folder) as server:
        ben = server.sign_up("ben")
        account = {
            "network": "bluesky",
            "server": server.address,
            "handle": ben.handle,
            "remote_id": ben.did,
            "secrets": {"app_password": ben.app_password},
        }
        yield account, lambda: [row["value"]["text"] for row in server.posts_of(ben)]


@contextmanager
def on_wordpress(folder):
    """An account there, and what its network shows."""
    with wordpress(folder) as site:
        account = {
            "network": "wordpress",
            "server": site.address,
            "handle": "ben",
            "remote_id": "2",
            "secrets": site.author,
        }

        def shown():
            rows = site.ask("posts&per_page=100&_fields=title")
            titles = [row["title"]["rendered"] for row in rows]
            return [title for title in titles if title.startswith("Kimchi")]

        yield account, shown


@pytest.mark.parametrize("somewhere", [on_bluesky, on_wordpress])
def test_each_post_is_there_once(somewhere, tmp_path, capsys):
    with (
        throw_away_database(connection.vendor, tmp_path) as url,
        somewhere(tmp_path) as (account, shown),
    ):
        posting = Posting(tmp_path, url, account)
        publish_and_kill(posting, shown)

        states, outcomes = posting.counted()
        with capsys.disabled():
            sys.stdout.write(f"\n{KILLS} kills, {len(shown())} posts: {states}, {outcomes}\n")
        assert sorted(shown()) == sorted(f"Kimchi {number}" for number in range(POSTS))
        assert states == {"published": POSTS}
        assert outcomes.get("send:lost", 0) > 0
