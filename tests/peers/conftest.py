"""What talks to a real counterpart is marked so: `make peers` runs it and nothing else."""

from pathlib import Path


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("peer")
