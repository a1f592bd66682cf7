"""Nudges: background tasks by name. One may be lost or come twice; the row it is about knows."""

from django.tasks import task

from softfactory.kernel.registry import nudged


def nudge(key: str, pk: int, *, can_wait: bool = False) -> None:
    """Let the worker do what is registered under `key` with this row, soon.

    The queue lives in our database: the task commits or vanishes with the row. One that can wait
    comes after all that can't: it may keep the worker for a while.
    """
    (take_nudge.using(priority=-1) if can_wait else take_nudge).enqueue(key, pk)


@task
def take_nudge(key: str, pk: int) -> None:
    """Do what is registered under `key`."""
    nudged[key](pk)
