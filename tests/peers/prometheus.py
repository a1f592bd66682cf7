"""Prometheus and Alertmanager on loopback, with the files that are shipped for them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.programs import running
from tests.site import ROOT, free_port

SHIPPED = ROOT / "docs" / "deploy" / "prometheus"
TOKEN = "the-token-that-prometheus-shows"

# Without the delays that spare people who read messages.
ALERTMANAGER = """\
route:
  receiver: site
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
receivers:
  - name: site
    webhook_configs:
      - url: {url}
        send_resolved: true
"""


def program(name: str) -> str:
    """Return where a counterpart's program is."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is not installed (bin/peers install)")
    return path


class Prometheus(NamedTuple):
    """One that runs, by its HTTP API."""

    address: str

    def ask(self, path: str, **parameters: str) -> Any:
        """Return the data of an answer; what Prometheus refuses raises."""
        with urlopen(f"{self.address}/api/v1/{path}?{urlencode(parameters)}") as answer:
            return json.load(answer)["data"]

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Return each series of an expression now: its labels and its value."""
        result = self.ask("query", query=expression)["result"]
        return [(series["metric"], float(series["value"][1])) for series in result]


def configure(folder: Path, *, site: int, alertmanager: int) -> Path:
    """Copy what is shipped: with these ports, and every second instead of every 15."""
    text = (SHIPPED / "prometheus.yml").read_text()
    for shipped, here in {
        "127.0.0.1:8000": f"127.0.0.1:{site}",
        "127.0.0.1:9093": f"127.0.0.1:{alertmanager}",
        "15s": "1s",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    (folder / "softfactory.token").write_text(f"{TOKEN}\n")
    shutil.copy(SHIPPED / "alerts.yml", folder)
    path = folder / "prometheus.yml"
    path.write_text(text)
    return path


@contextmanager
def prometheus(folder: Path, *, site: int, webhook: str) -> Iterator[Prometheus]:
    """Run both: Prometheus watches the site, Alertmanager tells the webhook."""
    port, to = free_port(), free_port()
    config = configure(folder, site=site, alertmanager=to)
    receivers = folder / "alertmanager.yml"
    receivers.write_text(ALERTMANAGER.format(url=webhook))
    commands = {
        f"http://127.0.0.1:{to}": [
            program("prometheus-alertmanager"),
            f"--config.file={receivers}",
            f"--storage.path={folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{to}",
            "--cluster.listen-address=",
        ],
        f"http://127.0.0.1:{port}": [
            program("prometheus"),
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
    }
    (alertmanager, to_tell), (address, to_watch) = commands.items()
    with (
        running(to_tell, log=folder / "to_tell.log", is_ready=lambda: is_ready(alertmanager)),
        running(to_watch, log=folder / "to_watch.log", is_ready=lambda: is_ready(address)),
    ):
        yield Prometheus(address)


def is_ready(address: str) -> bool:
    """Tell whether it says so."""
    try:
        with urlopen(f"{address}/-/ready") as answer:
            return answer.status == 200
    except URLError:
        return False
