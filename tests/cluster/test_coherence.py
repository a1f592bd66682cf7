"""What one web machine acknowledged, the other one shows: at once, and in 5 s without Redis."""

import time
from itertools import count

from tests.cluster.machines import CACHE
from tests.cluster.people import CHEFS

PAIRS = 2_000
BOUND = 5  # seconds; see docs/guide/scaling.md
CUT_OFF_PAIRS = 60

_editions = count()


def edit(cluster, web, chef):
    """Write at this machine; returns what everybody has to see now."""
    bio = f"pair {next(_editions)}."
    answer = cluster.call_at(
        web,
        "PATCH",
        f"{CHEFS}/{chef}",
        {"bio": bio},
        token=cluster.owner["token"],
        headers={"If-Match": "*"},
    )
    assert answer.status == 200, answer.body
    return bio


def shown(cluster, web, chef, number):
    """What this machine shows: the chef, or the list that has it, in turns."""
    if number % 2:
        return cluster.call_at(web, "GET", f"{CHEFS}/{chef}").json()["bio"]
    rows = cluster.call_at(web, "GET", f"{CHEFS}?limit=100").json()["results"]
    return next(row["bio"] for row in rows if row["id"] == chef)


def test_what_one_machine_acknowledged_the_other_one_shows(cluster, say):
    chef = cluster.edited[0]
    stale = 0
    for number in range(PAIRS):
        writes, reads = cluster.webs if number // 2 % 2 else cluster.webs[::-1]
        bio = edit(cluster, writes, chef)
        stale += shown(cluster, reads, chef, number) != bio
    say(f"{PAIRS} writes, each read at the other machine: {stale} stale")
    assert stale == 0


def test_a_machine_that_is_cut_off_from_redis_is_behind_for_five_seconds_at_most(cluster, say):
    """A read counts as late by when it was asked, so that no slow computer makes it later."""
    chef = cluster.edited[0]
    late = [0.0]
    cluster.web2.pull(CACHE)
    try:
        for number in range(CUT_OFF_PAIRS):
            writes, reads = cluster.webs if number // 2 % 2 else cluster.webs[::-1]
            bio = edit(cluster, writes, chef)
            acknowledged = asked = time.monotonic()
            while shown(cluster, reads, chef, number) != bio:
                late.append(asked - acknowledged)
                asked = time.monotonic()
    finally:
        cluster.web2.plug_in(CACHE)
    say(
        f"{len(late) - 1} stale reads after {CUT_OFF_PAIRS} writes,"
        f" the last one {max(late):.1f} s after its write"
    )
    assert max(late) <= BOUND


def test_what_a_command_wrote_past_pgbouncer_is_shown_at_once(cluster):
    chef = cluster.edited[0]
    for number in range(4):
        for web in cluster.webs:
            shown(cluster, web, chef, number)
        bio = f"command {number}."
        write = f"Chef.objects.filter(pk={chef}).update(bio={bio!r})"
        cluster.manage("shell", "-v0", "-c", f"from bookings.models import Chef; {write}")
        assert [shown(cluster, web, chef, number) for web in cluster.webs] == [bio] * 2
