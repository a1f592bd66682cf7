"""gunicorn's own log: what it says of processes and errors, and nothing of requests."""

from gunicorn.glogging import Logger


class ServerLog(Logger):
    """Writes no access log, since the site has a line of its own for each request.

    gunicorn takes any `logconfig_dict` for the wish to have one. It would gather every header and
    variable of each request, for a logger that has no handler: a third of what a kept answer costs.
    """

    access_log_enabled = False
