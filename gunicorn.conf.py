"""How gunicorn serves the site; found by gunicorn itself when it starts in this folder."""

from softfactory import settings  # whatever is wrong in the environment is said here first

bind = f"127.0.0.1:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_CONCURRENCY
threads = settings.WEB_THREADS
keepalive = 20  # seconds a silent connection is kept, for browsers and for the proxy in front
logconfig_dict = settings.LOGGING  # its own lines look like all others
control_socket_disable = True  # nothing here uses it, and two instances would share its path


def worker_exit(server, worker):
    """Write what still waits, and give the pool's connections back before they are missed."""
    from django.db import connections

    from softfactory.kernel.writer import flush_all

    flush_all()
    for connection in connections.all():
        if connection.vendor == "postgresql":
            connection.close_pool()
