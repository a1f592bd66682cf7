"""Values in mapped files: exact with many threads, and each process counts in files of its own."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.mmap_dict import _INITIAL_MMAP_SIZE
from prometheus_client.multiprocess import MultiProcessCollector

from monitoring.mapped import LoneValue, MappedValue, move_all

FORKING = """
import os
from monitoring.mapped import MappedValue
value = MappedValue("counter", "x", "x_total", ("who",), ("ana",), "What is counted.")
value.inc(2)
child = os.fork()
value.inc(1 if child else 30)
if child:
    os.waitpid(child, 0)
"""


@pytest.fixture
def value(monkeypatch, tmp_path):
    """A value in a folder of its own."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    files = {}
    monkeypatch.setattr("monitoring.mapped._files", files)
    monkeypatch.setattr("monitoring.mapped._values", [])
    value = MappedValue("counter", "x", "x_total", ("who",), ("ana",), "What is counted.")
    yield value
    value.leave()
    files["counter"].close()


def read(folder):
    """What whoever reads the files finds, added up."""
    files = map(str, folder.glob("*.db"))
    metrics = MultiProcessCollector.merge(files, accumulate=False)
    return sum(sample.value for metric in metrics for sample in metric.samples)


def test_is_read_from_its_file(value, tmp_path):
    value.inc(2)
    value.inc(0.5)

    assert value.get() == read(tmp_path) == 2.5


def test_is_set(value, tmp_path):
    value.set(7.0, timestamp=1.0)
    value.set(3.0)

    assert value.get() == read(tmp_path) == 3


def test_threads_that_move_it_at_once_lose_nothing(value, tmp_path):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: move_all([(value, 1)] * 5), range(400)))

    assert read(tmp_path) == 2000


def test_a_file_that_grows_loses_nothing(value, tmp_path):
    value.inc(1)
    others = [
        MappedValue("counter", "x", "x_total", ("who",), (f"{number}" * 100,), "What is counted.")
        for number in range(400)
    ]
    move_all((one, 1) for one in (value, *others))
    value.inc(1)

    assert next(tmp_path.glob("*.db")).stat().st_size > _INITIAL_MMAP_SIZE
    assert read(tmp_path) == 403
    for one in others:
        one.leave()


def test_a_fork_counts_in_a_file_of_its_own(tmp_path):
    env = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", FORKING], env=env, check=True)

    assert len(list(tmp_path.glob("counter_*.db"))) == 2
    assert read(tmp_path) == 33


def test_without_a_file_a_process_counts_alone():
    value = LoneValue("counter", "x", "x_total", (), (), "What is counted.")
    move_all([(value, 2), (value, 3)])

    assert value.get() == 5
