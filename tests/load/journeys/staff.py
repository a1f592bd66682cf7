"""Staff: a dashboard that is left open, and asks again and again."""

from tests.load import checks
from tests.load.browser import Program as Client
from tests.load.journeys.person import Person

METRICS = "/api/monitoring/metrics"
SYSTEM = "/api/monitoring/system"
MEASURED = frozenset(
    "response_time error_rate requests_per_second db_query_time queries_per_request memory_usage"
    " cache_stats endpoints collected_at".split()
)
OF_SYSTEM = frozenset("memory_mb cpu_percent database uptime_seconds workers".split())


class Staff(Person):
    """Somebody who watches the site."""

    def on_start(self) -> None:
        super().on_start()
        account = self.cast.staff[self.number % len(self.cast.staff)]
        self.client_of_api = Client(self, account.token)

    def read_metrics(self) -> None:
        """Read what happened in the last minutes, and how the machine is."""
        self.client_of_api.read_own(METRICS, METRICS, checks.row(MEASURED))
        self.client_of_api.read_own(SYSTEM, SYSTEM, checks.row(OF_SYSTEM))
