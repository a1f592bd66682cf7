"""A site with posts that are due, a peer that they go to, and workers that may be killed."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from tests.networks.bluesky import DID, BlueskyPeer
from tests.networks.bluesky import PASSWORD as BLUESKY_PASSWORD
from tests.networks.peer import Peer
from tests.networks.wordpress import PASSWORD, USERNAME, WordPressPeer
from tests.site import Site, throw_away_database

#: Of Bluesky, which honours keys, and WordPress, which does not: server, and what opens it.
PEERS: dict[str, tuple[type[Peer], dict[str, str]]] = {
    "bluesky": (BlueskyPeer, {"identifier": DID, "app_password": BLUESKY_PASSWORD}),
    "wordpress": (WordPressPeer, {"username": USERNAME, "app_password": PASSWORD}),
}

SET_UP = """
from datetime import timedelta
from sns.models import Post, Publication, Variant
from sns.models.post import fingerprint_of
from sns.services.accounts import connect_account
from softfactory.accounts.models import User
from softfactory.kernel import clock
now = clock.now()
at = now + timedelta(seconds={due_in})
for number in range({accounts}):
    user = User.objects.create_user(f"user{{number}}@example.test")
    account = connect_account(
        user=user, network="{network}", server="{url}", credentials={credentials}, now=now
    )
    posts = Post.objects.bulk_create(
        Post(
            owner=user, author=user, title=f"Kimchi {{number}}/{{row}}",
            text=f"Kimchi {{number}}/{{row}}", fingerprint=fingerprint_of(""),
            state="scheduled", scheduled_at=at,
        )
        for row in range({posts} // {accounts})
    )
    Variant.objects.bulk_create(Variant(post=post, account=account) for post in posts)
    Publication.objects.bulk_create(
        Publication(
            post=post, account=account, scheduled_at=at, due_at=at, late_at=at + timedelta(hours=4)
        )
        for post in posts
    )
"""

# One process loads the site once and forks the workers, so that a death costs a fork. Everything
# is shorter than it is, and in the same proportions.
WORKERS = """
import json, os, random, signal, sys, time
from datetime import timedelta
from django.db import connections
from sns.models import Publication
from sns.services import claiming, publishing, sending, settling
from softfactory.kernel import clock
claiming.LEASE = sending.LEASE = timedelta(seconds=2)
sending.LONGEST = timedelta(0)
claiming.QUIET = settling.QUIET = timedelta(seconds=0.3)
settling.FIRST_WAIT = timedelta(seconds=0.2)
def is_left():
    return Publication.objects.exclude(state__in=Publication.ENDED).exists()
def work():
    while is_left():
        publishing.publish_due(clock.now())
        time.sleep(0.01)
def worker():
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    return pid
chance, killed, alive = random.Random({seed}), 0, set()
while killed < {kills} and is_left():
    while len(alive) < {workers}:
        alive.add(worker())
    time.sleep(chance.uniform(0.01, {longest_life}))
    victim = chance.choice(sorted(alive))
    os.kill(victim, signal.SIGKILL)
    _pid, status = os.waitpid(victim, 0)
    killed += os.WIFSIGNALED(status)
    alive.discard(victim)
while len(alive) < {workers}:
    alive.add(worker())
codes = [os.waitpid(pid, 0)[1] for pid in alive]
print(json.dumps({{"killed": killed, "codes": codes}}))
"""

COUNT = """
import json
from collections import Counter
from sns.models import Attempt, Publication
from softfactory.kernel.registry import invariants
kinds = Attempt.objects.values_list("kind", "outcome")
print(json.dumps({
    "states": Counter(Publication.objects.values_list("state", flat=True)),
    "tries": Counter(Publication.objects.values_list("tries", flat=True)),
    "attempts": Counter(f"{kind} {outcome}" for kind, outcome in kinds),
    "late": [
        (row.published_at - row.scheduled_at).total_seconds()
        for row in Publication.objects.exclude(published_at=None)
    ],
    "violations": sum(count() for key, count in invariants.items() if key.startswith("sns.")),
}))
"""


@contextmanager
def site_with_posts(
    folder: Path, network: str, peer: Peer, *, posts: int, accounts: int, due_in: float = 0
) -> Iterator[Site]:
    """Run a site of its own, on which so many posts go to the peer in so many seconds."""
    _kind, credentials = PEERS[network]
    with throw_away_database(connection.vendor, folder) as url:
        site = Site(folder, url, OUTBOUND_ALLOW="127.0.0.1")
        shared = {"network": network, "url": peer.url, "credentials": credentials}
        run(site, SET_UP.format(posts=posts, accounts=accounts, due_in=due_in, **shared))
        yield site


def run(site: Site, code: str) -> str:
    """Run this code on the site; return what it printed."""
    return site.shell(code)


def let_work(site: Site, *, workers: int, kills: int = 0, **wish: Any) -> dict[str, Any]:
    """Let workers publish all there is, and kill so many on the way; return how many were."""
    values = {"seed": 1, "longest_life": 0.3} | wish
    return json.loads(run(site, WORKERS.format(workers=workers, kills=kills, **values)))


def count(site: Site) -> dict[str, Any]:
    """Return what stands in the site's rows."""
    return json.loads(run(site, COUNT))


def size(name: str, usual: int) -> int:
    """Return how large a test is: as the environment says, else small."""
    return int(os.environ.get(name, usual))


def tell(**figures: Any) -> None:
    """Write figures down, where the environment says so: one line of JSON a test."""
    if path := os.environ.get("PUBLISHING_FIGURES"):
        with Path(path).open("a") as file:
            file.write(json.dumps({"database": connection.vendor, **figures}) + "\n")
