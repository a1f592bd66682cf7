"""A real Prometheus watches a real site: its counts are right, and its alerts arrive."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.monitoring.dashboards import panels_of
from tests.peers.prometheus import TOKEN, configure, program, prometheus
from tests.programs import eventually
from tests.receivers import http_receiver
from tests.site import ROOT, Site

REQUESTS = 500
CONNECTIONS = 20
PAGE = "/coocook/explore"
WRONG_RATINGS = "from bookings.models import Chef; Chef.objects.update(rating_sum=%s)"
LATER, LATEST = "2100-01-01T00:00:00Z", "2100-01-01T01:00:00Z"
VARIABLE = re.compile(r"\$\w+")
VALUES = {
    "$__rate_interval": "1m",
    "$__range": "1h",
    "$job": "softfactory",
    "$instance": ".*",
    "$route": ".*",
}


def promtool(*arguments, **options):
    return subprocess.run(
        [program("promtool"), *arguments], check=False, capture_output=True, text=True, **options
    )


@pytest.fixture(scope="module", autouse=True)
def _programs():
    for name in ("prometheus", "promtool", "prometheus-alertmanager"):
        program(name)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with three chefs that nobody has reviewed, on SQLite."""
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder, f"sqlite:///{folder / 'peer.sqlite3'}", METRICS_TOKEN=TOKEN)
    try:
        site.manage("migrate", "--verbosity", "0")
        site.manage("seed_demo", "--users", "1", "--chefs", "3", "--bookings", "0")
        site.manage("run_due")
        site.start()
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="module")
def receiver():
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def watching(site, receiver, tmp_path_factory):
    with prometheus(
        tmp_path_factory.mktemp("prometheus"), site=site.port, webhook=receiver.url
    ) as watching:
        eventually(lambda: watching.query("up == 1"), "The site is not scraped")
        yield watching


@pytest.fixture(scope="module")
def visited(site, watching):
    """So many requests, over several connections, so that both workers answer."""
    assert watching.query(f'softfactory_requests_total{{route="{PAGE}"}}') == []
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        each = [REQUESTS // CONNECTIONS] * CONNECTIONS
        answered = sum(threads.map(site.ask_repeatedly, [PAGE] * CONNECTIONS, each))
    assert answered == REQUESTS


def counted(watching, expression):
    return watching.query(expression) == [({}, REQUESTS)]


def test_counts_what_both_workers_answered(watching, visited):
    wanted = f'{{method="GET",route="{PAGE}"}}'
    for expression in (
        f"sum(softfactory_requests_total{wanted})",
        f"sum(softfactory_request_seconds_count{wanted})",
        f"sum(softfactory_cached_reads_total{wanted})",
    ):
        eventually(
            lambda expression=expression: counted(watching, expression),
            f"{expression} is {watching.query(expression)}",
        )
    web = watching.query('softfactory_memory_bytes{role="web"}')
    assert len(web) == 2


def test_shows_nothing_without_the_token(site):
    assert site.call("GET", "/metrics", token="another").status == 401


def test_computes_every_rule(watching, visited):
    def rules():
        groups = watching.ask("rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    eventually(lambda: all(rule["health"] == "ok" for rule in rules()), f"{rules()}")
    for record in (rule["name"] for rule in rules() if rule["type"] == "recording"):
        eventually(lambda record=record: watching.query(record), f"{record} is empty")


def test_shows_something_in_every_panel(watching, visited):
    for title, expression in panels_of(ROOT / "docs/deploy/grafana/softfactory.json"):
        if "slow_queries" not in expression:  # nothing was slow
            asked = VARIABLE.sub(lambda found: VALUES[found[0]], expression)
            eventually(lambda asked=asked: watching.query(asked), f"{title} is empty: {asked}")


def alerts_told(receiver, name, status):
    messages = [json.loads(received.body) for received in receiver.received]
    return [
        alert
        for message in messages
        for alert in message["alerts"]
        if alert["labels"]["alertname"] == name and alert["status"] == status
    ]


def test_tells_of_a_violated_invariant_until_it_is_mended(site, watching, receiver):
    site.manage("shell", "-v0", "-c", WRONG_RATINGS % 5)
    site.manage("run_due", "--now", LATER)
    (alert,) = eventually(
        lambda: alerts_told(receiver, "InvariantViolated", "firing"), "Nobody was told"
    )
    assert alert["labels"]["invariant"] == "bookings.wrong_ratings"
    assert alert["annotations"]["summary"] == "bookings.wrong_ratings: 3 violations."

    site.manage("shell", "-v0", "-c", WRONG_RATINGS % 0)
    site.manage("run_due", "--now", LATEST)
    eventually(lambda: alerts_told(receiver, "InvariantViolated", "resolved"), "It does not end")


class TestFiles:
    """What promtool says of what is shipped, and of what the site shows."""

    def test_the_configuration_and_its_rules_are_right(self, tmp_path):
        config = configure(tmp_path, site=8000, alertmanager=9093)
        checked = promtool("check", "config", "--lint=all", "--lint-fatal", str(config))

        assert checked.returncode == 0, checked.stdout + checked.stderr

    def test_the_alerts_fire_when_they_should(self):
        tests = ROOT / "tests" / "peers" / "alerts_test.yml"
        checked = promtool("test", "rules", str(tests))

        assert checked.returncode == 0, checked.stdout + checked.stderr

    def test_the_metrics_are_named_as_is_usual(self, site, visited):
        text = site.call("GET", "/metrics", token=TOKEN).body.decode()
        checked = promtool("check", "metrics", input=text)

        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
