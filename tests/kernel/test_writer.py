"""Writing behind the requests' backs: in order, many at once, and nobody waits or fails."""

import threading

import pytest

from softfactory.kernel.writer import AT_ONCE, Writer, flush_all


@pytest.fixture
def written():
    """The batches that were written."""
    return []


def test_writes_in_order_and_many_at_once(written):
    writer = Writer("test", written.append, pause=60)
    for number in range(AT_ONCE // 2):
        writer.put(number)
    writer.flush()

    assert written == [list(range(AT_ONCE // 2))]


def test_what_comes_while_it_writes_waits_for_the_next_time(written):
    def write(batch):
        written.append(batch)
        writer.put(f"after {batch}")

    writer = Writer("test", write, pause=60)
    writer.put(1)
    writer.flush()

    assert written == [[1]]


def test_writes_by_itself_after_a_pause():
    done = threading.Event()
    Writer("test", lambda batch: done.set(), pause=0.01).put(1)

    assert done.wait(10)


def test_what_finds_no_thread_waits_for_the_next_one(monkeypatch):
    done = threading.Event()
    writer = Writer("test", lambda batch: done.set() if batch == [1, 2] else None, pause=0.01)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _no_thread)
        writer.put(1)
    writer.put(2)

    assert done.wait(10)


def _no_thread(_thread):
    raise RuntimeError("can't start new thread")


def test_what_does_not_fit_is_dropped_and_counted(written):
    writer = Writer("test", written.append, pause=60, most=2)
    for number in range(5):
        writer.put(number)
    writer.flush()

    assert (written, writer.dropped) == ([[0, 1]], 3)


def test_what_cant_be_written_is_dropped_and_said(caplog):
    said = threading.Event()

    def refuse(batch):
        said.set()
        raise OSError("No space left on device")

    writer = Writer("lines", refuse, pause=60)
    writer.put(1)
    writer.put(2)
    writer.flush()
    writer._tell()
    writer._tell()

    assert writer.dropped == 2
    # Threads of other tests' writers may still have something to say.
    said_of_lines = [text for text in caplog.messages if text.startswith("lines")]
    assert said_of_lines == ["lines: 2 dropped: No space left on device"]


def test_nobody_waits_for_a_write_that_hangs():
    is_writing, goes_on = threading.Event(), threading.Event()

    def hang(batch):
        is_writing.set()
        goes_on.wait(10)

    writer = Writer("test", hang, pause=0.01, most=3)
    writer.put(0)
    assert is_writing.wait(10)
    for number in range(5):
        writer.put(number)

    assert writer.dropped == 2
    goes_on.set()


def test_after_a_fork_nothing_of_the_parents_is_written(written):
    writer = Writer("test", written.append, pause=60)
    writer.put("the parent's")
    writer._begin()
    writer.put("the child's")
    writer.flush()

    assert written == [["the child's"]]


def test_before_a_process_ends_everything_is_written(written):
    writer = Writer("test", written.append, pause=60)
    writer.put(2)
    flush_all()

    assert [2] in written
