"""Copies of generations: known only while they are certainly so, by all processes and machines."""

import time

import pytest
from redis.exceptions import ConnectionError as NotConnected

from softfactory.kernel import redis
from softfactory.kernel.db.shared import FRESH_SECONDS, mapped, remote

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(params=["mapped", pytest.param("remote", marks=pytest.mark.redis)])
def copies(request, tmp_path):
    """Makes the copies as another process or machine of the same site sees them."""
    if request.param == "mapped":
        return lambda: mapped.MappedNumbers(tmp_path, "a database")
    return lambda: remote.RemoteNumbers(f"database of {tmp_path}")


@pytest.fixture
def ours(copies):
    return copies()


@pytest.fixture
def theirs(copies):
    return copies()


def away(*args, **kwargs):
    raise NotConnected


def learn(copies, **numbers):
    copies.learn(numbers, time.monotonic())


def hold(copies, **numbers):
    return copies.watch(numbers)()


def test_nothing_is_known_at_first(ours):
    assert not hold(ours, chefs=5)


def test_what_the_rows_said_holds_for_all(ours, theirs):
    learn(ours, chefs=5, products=7)

    assert hold(theirs, chefs=5, products=7)
    assert not hold(theirs, chefs=4)
    assert not hold(theirs, chefs=5, products=8)
    assert not hold(theirs, chefs=5, calendar=1)


def test_what_never_moved_holds_too(ours, theirs):
    learn(ours, chefs=0)

    assert hold(theirs, chefs=0)


def test_numbers_are_told_if_all_are_known(ours, theirs):
    learn(ours, chefs=5, products=0)

    assert theirs.known(["chefs", "products"]) == {"chefs": 5, "products": 0}
    assert theirs.known(["chefs", "calendar"]) is None


def test_no_number_is_told_from_before_the_commit_until_it_is_settled(ours, theirs):
    learn(theirs, chefs=5, products=7)
    mark = ours.mark({"chefs": 6})

    assert theirs.known(["chefs", "products"]) is None
    assert theirs.known(["products"]) == {"products": 7}
    mark.settle()

    assert theirs.known(["chefs", "products"]) == {"chefs": 6, "products": 7}


def test_what_is_forgotten_is_asked_for_and_known_again(ours, theirs):
    learn(ours, chefs=5)
    theirs.forget()

    assert ours.known(["chefs"]) is None
    assert not hold(ours, chefs=5)
    learn(ours, chefs=6)

    assert theirs.known(["chefs"]) == {"chefs": 6}


def test_from_before_the_commit_until_it_is_settled_nothing_holds(ours, theirs):
    learn(theirs, chefs=5)
    mark = ours.mark({"chefs": 6})

    assert not hold(theirs, chefs=5)
    assert not hold(theirs, chefs=6)
    mark.settle()

    assert not hold(theirs, chefs=5)
    assert hold(theirs, chefs=6)


def test_a_reader_does_not_take_away_a_writers_mark(ours, theirs):
    mark = ours.mark({"chefs": 6})
    learn(theirs, chefs=5)

    assert not hold(theirs, chefs=5)
    mark.settle()

    assert hold(theirs, chefs=6)


def test_one_writer_does_not_settle_for_another(ours, theirs):
    first = ours.mark({"chefs": 6})
    second = theirs.mark({"chefs": 7})
    first.settle()

    assert not hold(ours, chefs=6)
    second.settle()

    assert hold(ours, chefs=7)


def test_who_settles_late_does_not_turn_back(ours, theirs):
    first = ours.mark({"chefs": 6})
    theirs.mark({"chefs": 7}).settle()
    first.settle()

    assert hold(theirs, chefs=7)


def test_what_a_row_said_before_a_write_comes_too_late(ours, theirs):
    asked = time.monotonic()
    ours.mark({"chefs": 6}).settle()
    theirs.learn({"chefs": 5}, asked - 0.01)

    assert hold(theirs, chefs=6)


class TestMapped:
    @pytest.fixture
    def later(self, monkeypatch):
        """`later(seconds)` is the machine's clock so much later."""
        now = mapped._now

        def set_to(seconds):
            monkeypatch.setattr(mapped, "_now", lambda: now() + int(seconds * 1000))

        return set_to

    @pytest.fixture
    def copies(self, tmp_path):
        return lambda: mapped.MappedNumbers(tmp_path, "a database")

    def test_a_number_is_good_for_five_seconds(self, ours, later):
        learn(ours, chefs=5)
        later(FRESH_SECONDS - 1)
        assert hold(ours, chefs=5)
        assert ours.known(["chefs"]) == {"chefs": 5}

        later(FRESH_SECONDS + 1)
        assert not hold(ours, chefs=5)
        assert ours.known(["chefs"]) is None

    def test_the_mark_of_who_was_killed_is_passed_over_after_five_seconds(self, ours, theirs):
        ours.mark({"chefs": 6})
        now = time.monotonic()
        theirs.learn({"chefs": 6}, now + FRESH_SECONDS - 1)
        assert not hold(theirs, chefs=6)

        theirs.learn({"chefs": 6}, now + FRESH_SECONDS + 1)
        assert hold(theirs, chefs=6)

    def test_databases_are_apart(self, ours, tmp_path):
        learn(ours, chefs=5)

        assert not hold(mapped.MappedNumbers(tmp_path, "another"), chefs=5)

    def test_what_an_earlier_boot_left_is_removed(self, ours, tmp_path):
        old = tmp_path / "another-boot"
        old.write_bytes(b"numbers")
        learn(ours, chefs=5)

        assert not old.exists()

    def test_a_key_has_room_once_it_is_known_to_exist(self, ours, theirs):
        numbers, asked = {"chefs": 5, "chefs:*": 6, "chefs:7": 0}, time.monotonic()
        ours.refresh(numbers, asked)
        assert theirs.known(["chefs", "chefs:*"]) == {"chefs": 5, "chefs:*": 6}
        assert theirs.known(["chefs:7"]) is None

        ours.remember(numbers, asked)
        assert theirs.known(numbers) == numbers

    def test_what_was_known_before_is_not_remembered_as_if_it_were_new(self, ours, later):
        learn(ours, chefs=5)
        later(FRESH_SECONDS + 1)
        ours.remember({"chefs": 5}, time.monotonic() + FRESH_SECONDS + 1)

        assert ours.known(["chefs"]) is None

    def test_a_full_table_knows_no_more_names(self, ours, theirs, monkeypatch):
        monkeypatch.setattr(mapped, "PROBES", 0)
        learn(ours, chefs=5)

        assert not hold(theirs, chefs=5)

    def test_names_in_each_others_place_are_told_apart(self, ours, monkeypatch):
        monkeypatch.setattr(mapped, "SLOTS", 3)
        learn(ours, chefs=1, products=2, calendar=3)

        assert hold(ours, chefs=1, products=2, calendar=3)

    def test_without_a_folder_nothing_is_known_and_nothing_fails(self, tmp_path):
        (tmp_path / "file").write_text("")
        copies = mapped.MappedNumbers(tmp_path / "file", "a database")
        learn(copies, chefs=5)
        copies.mark({"chefs": 6}).settle()
        copies.forget()

        assert not hold(copies, chefs=6)
        assert copies.known(["chefs"]) is None


@pytest.mark.redis
class TestRemote:
    @pytest.fixture
    def copies(self, tmp_path):
        return lambda: remote.RemoteNumbers(f"database of {tmp_path}")

    def test_everything_goes_by_itself(self, ours):
        learn(ours, chefs=5)
        ours.mark({"products": 6})

        for name, most in (("chefs", remote.FRESH_MS), ("products", remote.MARK_MS)):
            assert 0 < ours._client.pttl(ours._key(name)) <= most

    def test_a_process_remembers_so_many_names_at_most(self, ours, monkeypatch):
        monkeypatch.setattr(remote, "MOST_LEARNED", 3)
        for number in range(10):
            ours.learn({f"chefs:{number}": 5}, time.monotonic())

        assert len(ours._learned) <= 4
        assert ours.known(["chefs:0", "chefs:9"]) == {"chefs:0": 5, "chefs:9": 5}

    def test_what_was_read_too_long_ago_is_not_copied(self, ours):
        ours.learn({"chefs": 5}, time.monotonic() - 2 * remote.LATEST)

        assert not hold(ours, chefs=5)

    def test_a_writer_tells_redis_even_while_readers_let_it_be(self, ours, theirs, monkeypatch):
        learn(theirs, chefs=5)
        with monkeypatch.context() as patched:
            patched.setattr(redis.breaker, "call", away)
            mark = ours.mark({"chefs": 6})
        assert not hold(theirs, chefs=5)

        with monkeypatch.context() as patched:
            patched.setattr(redis.breaker, "call", away)
            mark.settle()
        assert hold(theirs, chefs=6)

    def test_without_redis_nothing_is_known_and_nothing_fails(self, ours, monkeypatch, settings):
        learn(ours, chefs=5)
        settings.REDIS_URL = NOBODY
        watch = ours.watch({"chefs": 5})

        monkeypatch.setattr(redis.breaker, "call", away)

        assert not watch()
        assert ours.known(["chefs"]) is None
        ours.learn({"chefs": 5}, time.monotonic())
        ours.mark({"chefs": 6}).settle()
