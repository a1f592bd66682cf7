"""The replica answers public reads, never with what is older than an acknowledged write."""

import pytest

from tests.cluster.people import BOOKINGS, CHEFS
from tests.cluster.test_coherence import edit, shown

PAIRS = 100


@pytest.fixture
def paused(cluster):
    """The replica goes on receiving and replays nothing."""
    cluster.sql(cluster.replica, "SELECT pg_wal_replay_pause()")
    yield
    cluster.sql(cluster.replica, "SELECT pg_wal_replay_resume()")


def read_everywhere(cluster, chef):
    return [shown(cluster, web, chef, number) for web in cluster.webs for number in (0, 1)]


def test_a_replica_that_is_level_answers_public_reads(cluster):
    chef = cluster.edited[0]
    bio = edit(cluster, cluster.web1, chef)
    cluster.await_whole()
    before = cluster.reads_of_replica()
    assert read_everywhere(cluster, chef) == [bio] * 4
    assert cluster.reads_of_replica() > before


@pytest.mark.usefixtures("paused")
def test_one_that_replays_nothing_is_not_asked(cluster, say):
    chef = cluster.edited[0]
    before = cluster.reads_of_replica()
    stale = 0
    for number in range(PAIRS):
        bio = edit(cluster, cluster.webs[number % 2], chef)
        stale += sum(seen != bio for seen in read_everywhere(cluster, chef))
    say(f"{PAIRS} writes, 4 reads of each: {stale} stale")
    assert stale == 0
    assert cluster.reads_of_replica() == before


@pytest.mark.usefixtures("paused")
def test_and_fills_no_cache_that_is_read_when_it_is_level_again(cluster):
    chef = cluster.edited[0]
    bio = edit(cluster, cluster.web1, chef)
    read_everywhere(cluster, chef)
    cluster.sql(cluster.replica, "SELECT pg_wal_replay_resume()")
    cluster.await_whole()
    assert read_everywhere(cluster, chef) == [bio] * 4


@pytest.mark.usefixtures("paused")
def test_whoever_wrote_reads_it_meanwhile(cluster):
    customer = cluster.customers[0]
    wanted = next(cluster.free[0])
    made = cluster.call_at(cluster.web1, "POST", BOOKINGS, wanted, token=customer["token"])
    assert made.status == 201, made.body
    day = wanted["starts_at"][:10]
    times = f"{CHEFS}/{wanted['chef_id']}/slots?from={day}&to={day}"
    for web in cluster.webs:
        own = cluster.call_at(web, "GET", BOOKINGS, token=customer["token"]).json()["results"]
        assert made.json()["id"] in [row["id"] for row in own]
        offered = cluster.call_at(web, "GET", times).json()["slots"]
        assert wanted["starts_at"][:16] not in {slot["starts_at"][:16] for slot in offered}
