"""Who writes to SQLite next: threads in the order they came, processes one after the other."""

import fcntl
import threading

import pytest
from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)

from softfactory.kernel.db.sqlite import turns
from softfactory.kernel.db.sqlite.turns import Turns
from tests.makers import make_product

PATIENCE = 60  # seconds; nothing here takes so long


@pytest.fixture
def queue(tmp_path):
    return Turns(str(tmp_path / "turns"))


def waiter(queue, name, seen):
    """Start a thread that waits for its turn, and return it once it stands in the queue."""
    before = len(queue._waiting)

    def write():
        assert queue.take(PATIENCE)
        seen.append(name)
        queue.give_back()

    thread = threading.Thread(target=write)
    thread.start()
    while len(queue._waiting) == before:
        thread.join(0.001)
    return thread


@pytest.mark.parametrize("following", [0, 60])
def test_threads_write_in_the_order_they_came(queue, monkeypatch, following):
    monkeypatch.setattr(turns, "FOLLOWING", following)
    seen = []
    queue.take(PATIENCE)
    threads = [waiter(queue, number, seen) for number in range(5)]
    seen.append("first")
    queue.give_back()
    for thread in threads:
        thread.join()

    assert seen == ["first", 0, 1, 2, 3, 4]


def test_whoever_has_no_patience_leaves_the_queue(queue):
    queue.take(PATIENCE)

    assert not queue.take(0.001)
    queue.give_back()
    assert queue.take(0)


def test_another_process_has_its_turn(queue, tmp_path):
    """Which is whoever has opened the file by itself."""
    other, seen = (tmp_path / "turns").open(), []
    fcntl.flock(other, fcntl.LOCK_EX)

    def write():
        queue.take(PATIENCE)
        seen.append("ours")

    thread = threading.Thread(target=write)
    thread.start()
    seen.append("theirs")
    fcntl.flock(other, fcntl.LOCK_UN)
    thread.join()
    assert seen == ["theirs", "ours"]

    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    queue.give_back()
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    other.close()


def opened():
    """This thread's connection, which has read its options by now."""
    connection.ensure_connection()
    return connections[DEFAULT_DB_ALIAS]


def is_free():
    """Whether nobody has a turn at the site's own database."""
    queue = connection.turns
    if not queue.take(0):
        return False
    queue.give_back()
    return True


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_a_turn_lasts_as_long_as_its_transaction(self):
        with transaction.atomic():
            make_product("one")
            assert not is_free()
        assert is_free()

    def test_a_rollback_gives_the_turn_back(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_product("one"), make_product("one")
        assert is_free()

    def test_a_connection_that_is_closed_gives_it_back(self):
        with transaction.atomic():
            connection.close()
        assert is_free()

    def test_a_transaction_that_could_not_begin_gives_it_back(self, monkeypatch):
        monkeypatch.setattr(opened(), "transaction_mode", "NEVER")
        with pytest.raises(OperationalError), transaction.atomic():
            make_product("one")
        assert is_free()

    def test_whoever_waits_too_long_is_told_that_the_database_is_locked(self, monkeypatch):
        monkeypatch.setattr(opened(), "patience", 0.001)
        connection.turns.take(0)
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            make_product("one")
        connection.turns.give_back()
        with transaction.atomic():
            make_product("one")
