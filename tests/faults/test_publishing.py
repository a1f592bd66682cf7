"""Workers are killed, or race, while many posts are due: each post is there once.

`PUBLISHING_POSTS=500 PUBLISHING_KILLS=50` makes it as large as it is meant; the suite has less.
"""

from collections import Counter

import pytest

from tests.faults.publishing import PEERS, count, let_work, site_with_posts, size, tell
from tests.networks.peer import DROP_AFTER, FAIL_AFTER, peer, slow

POSTS = size("PUBLISHING_POSTS", 32)
KILLS = size("PUBLISHING_KILLS", 4)
ACCOUNTS = 4
LATENCY = 0.02  # seconds that the peer takes


def there(server):
    """What readers see at the peer: by slug or key, how often."""
    return Counter(
        post.get("slug") or post["key"]
        for post in server.posts
        if post.get("status", "publish") == "publish"
    )


def is_once(server):
    return len(there(server)) == POSTS and set(there(server).values()) == {1}


@pytest.mark.parametrize("network", PEERS, ids=["honours keys", "does not"])
def test_killed_at_any_moment_every_post_appears_once(tmp_path, network):
    kind, _credentials = PEERS[network]
    with (
        peer(kind) as server,
        site_with_posts(tmp_path, network, server, posts=POSTS, accounts=ACCOUNTS) as site,
    ):
        server.mood = lambda number: {7: DROP_AFTER, 13: FAIL_AFTER}.get(number % 23, slow(LATENCY))
        done = let_work(site, workers=2, kills=KILLS)
        counted = count(site)
    tell(network=network, there=len(there(server)), **done, **told(counted))
    assert is_once(server)
    assert done == {"killed": KILLS, "codes": [0, 0]}
    assert counted["states"] == {"published": POSTS}
    assert counted["violations"] == 0
    assert counted["attempts"].get("send lost", 0) + counted["attempts"].get("send unsure", 0) > 0
    # Nothing was sent a second time before the network said that it is not there.
    again = sum((int(tries) - 1) * number for tries, number in counted["tries"].items())
    assert again == counted["attempts"].get("find absent", 0)


@pytest.mark.parametrize("network", PEERS)
def test_four_workers_that_race_send_each_post_once(tmp_path, network):
    kind, _credentials = PEERS[network]
    with (
        peer(kind) as server,
        site_with_posts(tmp_path, network, server, posts=POSTS, accounts=ACCOUNTS) as site,
    ):
        assert let_work(site, workers=4)["codes"] == [0, 0, 0, 0]
        counted = count(site)
    assert is_once(server)
    assert counted["attempts"] == {"send done": POSTS}
    assert (counted["tries"], counted["violations"]) == ({"1": POSTS}, 0)


def told(counted):
    return {name: counted[name] for name in ("states", "attempts", "tries", "violations")}
