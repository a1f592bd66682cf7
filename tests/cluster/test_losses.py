"""Parts are lost under load and come back: no answer is wrong, and errors are few and end."""

import signal

import pytest

from tests.cluster.machines import LAN
from tests.cluster.people import Tally, busy

BEFORE = 3  # seconds under load
MEANWHILE = 8
SETTLING = 4


@pytest.fixture
def lose(cluster, tally, say):
    """`lose(how, come_back)` under load: nothing is ever wrong, and nothing fails once it is over.

    Returns what the people met with while the part was away.
    """

    def lost(how, come_back):
        with busy(cluster, tally) as go_on:
            go_on(BEFORE)
        assert not tally.errors, f"before anything was lost: {tally}"
        meanwhile = Tally()
        with busy(cluster, meanwhile) as go_on:
            go_on(BEFORE)
            how()
            go_on(MEANWHILE)
            come_back()
            go_on(SETTLING)
        cluster.await_whole()
        after = Tally()
        with busy(cluster, after) as go_on:
            go_on(BEFORE)
        say(str(meanwhile))
        assert not after.errors, f"afterwards: {after}"
        assert tally.wrong + meanwhile.wrong + after.wrong == []
        return meanwhile

    return lost


def test_a_web_machine_that_is_stopped(cluster, lose):
    def stop():
        cluster.web2.end("clock")
        cluster.web2.end("gunicorn")

    lose(stop, lambda: cluster.start_web(cluster.web2))


def test_a_web_machine_that_is_killed(cluster, lose):
    def kill():
        cluster.web2.kill("clock")
        cluster.web2.kill("gunicorn")

    lose(kill, lambda: cluster.start_web(cluster.web2))


def test_a_web_machine_whose_cable_is_pulled(cluster, lose):
    lose(lambda: cluster.web2.pull(LAN), lambda: cluster.web2.plug_in(LAN))


def test_a_replica_that_is_lost(cluster, lose):
    assert not lose(cluster.lose_replica, cluster.start_replica).errors


def test_a_replica_whose_cable_is_pulled(cluster, lose):
    lose(lambda: cluster.replica.pull(LAN), lambda: cluster.replica.plug_in(LAN))


def test_redis_that_is_restarted(cluster, lose):
    assert not lose(lambda: cluster.redis.end("redis"), cluster.start_redis).errors


def test_redis_that_hangs(cluster, lose):
    def go_on():
        cluster.redis.send("redis", signal.SIGCONT)

    assert not lose(lambda: cluster.redis.send("redis", signal.SIGSTOP), go_on).errors
