"""What needs several machines is marked so; `make cluster-test` makes them, nothing else does."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.parts import Cluster
from tests.cluster.people import Tally

ELSEWHERE = pytest.mark.skip(reason="needs several machines: make cluster-test")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("cluster")
            if "CLUSTER_DIR" not in os.environ:
                item.add_marker(ELSEWHERE)


@pytest.fixture(scope="session")
def _running() -> Iterator[Cluster]:
    cluster = Cluster(Path(os.environ["CLUSTER_DIR"]))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def cluster(_running) -> Iterator[Cluster]:
    """Two web machines behind nginx, with all that is behind them; whole before and after a test.

    What must always be true is counted afterwards.
    """
    yield _running
    _running.await_whole()
    violations = json.loads(_running.manage("verify", "--json"))["violations"]
    assert sum(violations.values()) == 0, violations


@pytest.fixture
def say(capsys, request):
    """`say(text)` prints the figures that a test found, past pytest's capture."""
    what = request.node.name.removeprefix("test_").replace("_", " ")

    def past_capture(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {what}:\n    {text} ")

    return past_capture


@pytest.fixture
def tally() -> Tally:
    """What the people of a test met with."""
    return Tally()
