"""Which processes run is known from their files; files of those that ended are removed."""

import os
import subprocess
import sys

from monitoring import processes


def test_a_process_that_entered_runs(tmp_path):
    processes.enter(tmp_path, "clock")

    [found] = processes.running(tmp_path)
    assert (found.role, found.process.pid) == ("clock", os.getpid())


def test_one_that_ended_is_forgotten(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f"web-{ended.pid}").touch()

    assert list(processes.running(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_another_with_the_same_pid_is_not_ours(tmp_path):
    processes.enter(tmp_path, "web")
    long_ago = 1_000_000_000
    os.utime(tmp_path / f"web-{os.getpid()}", (long_ago, long_ago))

    assert list(processes.running(tmp_path)) == []


def test_without_a_place_to_write_nothing_fails(tmp_path):
    (tmp_path / "file").touch()

    processes.enter(tmp_path / "file" / "folder", "web")


def test_a_start_forgets_what_was_counted_before(tmp_path):
    (tmp_path / "counter_1.db").touch()
    processes.start_meters_anew(tmp_path)
    first = (tmp_path / processes.EPOCH).read_text()
    processes.start_meters_anew(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [processes.EPOCH]
    assert (tmp_path / processes.EPOCH).read_text() != first


def test_of_a_process_that_died_only_the_counts_are_kept(tmp_path):
    for name in ("counter_7.db", "histogram_7.db", "gauge_livesum_7.db", "gauge_livesum_77.db"):
        (tmp_path / name).touch()

    processes.forget_state_of(7, tmp_path)

    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"counter_7.db", "histogram_7.db", "gauge_livesum_77.db"}
