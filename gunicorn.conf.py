"""How gunicorn serves the site; found by gunicorn itself when it starts in this folder."""

import gc
import math

from monitoring import processes
from softfactory import settings  # whatever is wrong in the environment is said here first
from softfactory.kernel import renewal
from softfactory.kernel.memory import share_memory, spare_memory
from softfactory.kernel.server_log import ServerLog

spare_memory()  # said in the master, it holds in all workers

bind = f"127.0.0.1:{settings.PORT}"
worker_class = "softfactory.kernel.server_worker.ServerWorker"
workers = settings.WEB_CONCURRENCY + settings.BACKGROUND_IN_WEB
threads = settings.WEB_THREADS
keepalive = 20  # seconds a silent connection is kept, for browsers and for the proxy in front
logconfig_dict = settings.LOGGING  # its own lines look like all others
logger_class = ServerLog
control_socket_disable = True  # nothing here uses it, and two instances would share its path
preload_app = True  # in the master, whose memory its workers share


def when_ready(server):
    """Count from the start of this master on; one that found its port taken never comes here."""
    try:
        if not renewal.elders:
            processes.start_meters_anew(settings.METERS_DIR)
    except OSError as error:
        server.log.error("Nothing will be counted: %s", error)
    processes.enter(settings.PROCESSES_DIR, "master")
    renewal.attend(server)


def pre_fork(server, worker):
    """Leave the memory of all that is loaded to be shared, and choose who does what.

    What was asked of the database while loading is over: two processes can't share a connection.
    """
    close_connections()
    if not gc.get_freeze_count():  # once: what is shared is never freed
        share_memory()
    if settings.BACKGROUND_IN_WEB:
        worker.is_background = not any(other.is_background for other in server.WORKERS.values())
    if worker.is_background:
        worker.age = math.inf  # of too many workers, the server ends the oldest


def post_fork(server, worker):
    """Say that this worker runs, and take the room for what it counts."""
    from monitoring.meters import make_room

    processes.enter(settings.PROCESSES_DIR, "background" if worker.is_background else "web")
    make_room()


def post_worker_init(worker):
    """Take over from the workers of before a release."""
    if not worker.is_background:
        renewal.dismiss_elders()


def child_exit(server, worker):
    """A worker that is gone answers no requests; what it answered stays counted."""
    processes.forget_state_of(worker.pid, settings.METERS_DIR)


def worker_exit(server, worker):
    """Write what still waits, and give the pool's connections back before they are missed."""
    from softfactory.kernel.writer import flush_all

    flush_all()
    processes.forget_state_of(worker.pid, settings.METERS_DIR)
    close_connections()


def close_connections():
    """Give up this thread's connections, and the pools of this process."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
