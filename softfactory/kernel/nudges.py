"""Nudges: background tasks by name. One may be lost or come twice; the row it is about knows."""

from django.tasks import task

from softfactory.kernel.registry import nudged


def nudge(key: str, pk: int) -> None:
    """Let the worker do what is registered under `key` with this row, soon.

    The queue lives in our database: the task commits or vanishes with the row.
    """
    take_nudge.enqueue(key, pk)


@task
def take_nudge(key: str, pk: int) -> None:
    """Do what is registered under `key`."""
    nudged[key](pk)
