"""What this host's meters show, added up over its processes.

A `Tally` counts by (subject, measure, detail). A subject is an endpoint (`GET /coocook/explore`),
a cache (`cache default`), a database (`database default`), or `web`; a detail is a status, a
bucket's upper bound, an origin. Tallies add and subtract like the Counters they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.conf import settings
from prometheus_client.multiprocess import MultiProcessCollector

from monitoring.processes import EPOCH

type Key = tuple[str, str, str]
type Tally = Counter[Key]
#: What one subject counted: measure → detail → number.
type Measures = dict[str, dict[str, float]]
#: A tally as it is stored: subject → measure → detail → number.
type Packed = dict[str, Measures]

#: The subjects of a summary: all endpoints together, and all databases.
SITE, DATABASE = "site", "database"

#: Prometheus' name of a sample → our measure, and the label that is its detail.
MEASURES = {
    "softfactory_requests_total": ("status", "status"),
    "softfactory_request_seconds_bucket": ("seconds", "le"),
    "softfactory_request_seconds_sum": ("seconds_sum", ""),
    "softfactory_request_queries_bucket": ("queries", "le"),
    "softfactory_request_queries_sum": ("queries_sum", ""),
    "softfactory_database_seconds_total": ("database_seconds", ""),
    "softfactory_response_bytes_total": ("bytes", ""),
    "softfactory_cached_reads_total": ("origin", "origin"),
    "softfactory_slow_queries_total": ("slow_queries", ""),
    "softfactory_query_seconds_bucket": ("seconds", "le"),
    "softfactory_query_seconds_sum": ("seconds_sum", ""),
    "softfactory_cache_operations_total": ("operation", "operation"),
    "softfactory_cache_seconds_total": ("seconds_sum", ""),
    "softfactory_web": ("now", "what"),
}


def read_meters() -> tuple[Tally, dict[str, float]]:
    """Return what was counted since the epoch, and what stands now (requests in flight, …)."""
    tally: Tally = Counter()
    now: dict[str, float] = {}
    files = [str(path) for path in settings.METERS_DIR.glob("*.db")]
    for metric in MultiProcessCollector.merge(files, accumulate=False):
        for sample in metric.samples:
            if sample.name not in MEASURES:
                continue
            measure, label = MEASURES[sample.name]
            detail = sample.labels.get(label, "")
            if measure == "now":
                now[detail] = sample.value
                continue
            if result := sample.labels.get("result"):
                detail = f"{detail} {result}"
            tally[_subject(sample.labels), measure, detail] += sample.value
    return tally, now


def _subject(labels: Mapping[str, str]) -> str:
    if "route" in labels:
        return f"{labels['method']} {labels['route']}"
    return " ".join(f"{name} {labels[name]}" for name in ("cache", "database") if name in labels)


def epoch() -> str:
    """Return since when the meters count: a name that changes when they start anew."""
    try:
        return (settings.METERS_DIR / EPOCH).read_text()
    except OSError:  # no gunicorn: the development server, a test
        return ""


def counting_since(now: datetime) -> datetime:
    """Return when the epoch began; `now` where there is none."""
    try:
        began = (settings.METERS_DIR / EPOCH).stat().st_mtime
    except OSError:
        return now
    return datetime.fromtimestamp(began, UTC)


def pack(tally: Tally) -> Packed:
    """Return a tally as it is stored, without zeros; seconds to the microsecond."""
    packed: Packed = defaultdict(lambda: defaultdict(dict))
    for (subject, measure, detail), number in tally.items():
        if number:
            short = round(number, 6)
            packed[subject][measure][detail] = int(short) if short == int(short) else short
    return packed


def unpack(packed: Packed) -> Tally:
    """Return what was packed."""
    return Counter(
        {
            (subject, measure, detail): number
            for subject, measures in packed.items()
            for measure, details in measures.items()
            for detail, number in details.items()
        }
    )


def summary_of(packed: Packed) -> Packed:
    """Return what all endpoints counted together, and all databases."""
    site, database = Measured(), Measured()
    for subject, measures in packed.items():
        if "status" in measures:
            site.add(measures)
        elif subject.startswith("database "):
            database.add(measures)
    return {SITE: site, DATABASE: database}


class Measured(dict[str, dict[str, float]]):
    """Measures that others are added to."""

    def add(self, measures: Measures) -> None:
        """Add each number to its own."""
        for measure, details in measures.items():
            mine = self.setdefault(measure, {})
            for detail, number in details.items():
                mine[detail] = mine.get(detail, 0) + number


def added(several: Iterable[Packed]) -> Packed:
    """Return what several tallies count together."""
    whole: dict[str, Measured] = defaultdict(Measured)
    for packed in several:
        for subject, measures in packed.items():
            whole[subject].add(measures)
    return dict(whole)
