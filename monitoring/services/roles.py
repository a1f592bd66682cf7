"""Who does what: long-running commands say which part of the site they are."""

from django.conf import settings

from monitoring import processes

#: Commands that run for as long as the site does, by the role that they play in it.
ROLES = {"db_worker": "worker", "run_due": "clock", "run_background": "background"}


def take_role(command: str) -> None:
    """Count this process among the site's, if its command has a part in it."""
    if role := ROLES.get(command):
        processes.enter(settings.PROCESSES_DIR, role)
