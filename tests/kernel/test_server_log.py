"""gunicorn's own log."""

from django.conf import settings
from gunicorn.config import Config

from softfactory.kernel.server_log import ServerLog


def test_gathers_nothing_of_a_request(monkeypatch):
    monkeypatch.setattr(ServerLog, "setup", lambda self, cfg: None)  # leave the tests' logging be
    config = Config()
    config.set("logconfig_dict", settings.LOGGING)
    log = ServerLog(config)
    log.access(resp=None, req=None, environ=None, request_time=None)  # it would look into each
