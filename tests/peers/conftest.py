"""What talks to a real counterpart is marked so: `make peers` runs it, and nothing else does."""

import os
from pathlib import Path

import pytest

ELSEWHERE = pytest.mark.skip(reason="talks to real counterparts: make peers")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("peer")
            if os.environ.get("PEERS") != "1":
                item.add_marker(ELSEWHERE)
