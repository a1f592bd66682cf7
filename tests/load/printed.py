"""A load run as text: the routes that were asked most, its stages, its verdicts."""

from collections.abc import Mapping
from typing import Any

from tests.load.judgement import Verdict, table

MOST_ERRORS = 10


def printed(run: Mapping[str, Any]) -> str:
    """Return what one looks at first."""
    parts = [_routes(run), _stages(run), _errors(run), _circumstances(run)]
    verdicts = [Verdict(*(said[name] for name in Verdict._fields)) for said in run["verdicts"]]
    return "\n\n".join(filter(None, [*parts, table(verdicts)]))


def _routes(run: Mapping[str, Any]) -> str:
    lines = [f"{'':52}{'requests':>9}{'failed':>8}{'average':>9}{'p95':>8}{'p99':>8}  ms"]
    rows = [(f"{row['method']} {row['route']}", row) for row in run["routes"]]
    for name, row in [*rows, ("all but files", run["total"])]:
        times = f"{row['average_ms']:>9.1f}{row['p95_ms']:>8.0f}{row['p99_ms']:>8.0f}"
        lines.append(f"{name:52}{row['requests']:>9}{row['failures']:>8}{times}")
    return "\n".join(lines)


def _stages(run: Mapping[str, Any]) -> str:
    if not run["stages"]:
        return ""
    lines = [f"{'stage':12}{'users':>7}{'req/s':>8}{'median':>8}{'p95':>8}{'p99':>8}  ms  failed"]
    for stage in run["stages"]:
        times = f"{stage['median_ms']:>8.0f}{stage['p95_ms']:>8.0f}{stage['p99_ms']:>8.0f}"
        head = f"{stage['name']:12}{stage['users']:>7}{stage['rps']:>8.1f}"
        lines.append(f"{head}{times}{stage['failure_percent']:>10.3f} %")
    if run["shape"] == "steps":
        kept, broken = run["within_targets"], run["breaking_point"]
        lines.append(f"Within the targets: {_said(kept)}. Breaking point: {_said(broken)}.")
    return "\n".join(lines)


def _said(stage: Mapping[str, Any] | None) -> str:
    return f"{stage['users']} users, {stage['rps']:g} requests a second" if stage else "none"


def _errors(run: Mapping[str, Any]) -> str:
    errors = run["errors"][:MOST_ERRORS]
    return "\n".join(f"{e['count']:>6} × {e['method']} {e['route']}: {e['error']}" for e in errors)


def _circumstances(run: Mapping[str, Any]) -> str:
    site, cpu, booked = run["site"], run["cpu_percent"], run["bookings"]
    by_process = ", ".join(f"{name} {share:g} %" for name, share in cpu["by_process"].items())
    most = run["memory_mb"]["max_by_process"]
    memory = ", ".join(f"{name} {mb:g} MB" for name, mb in most.items())
    return (
        f"{run['total']['rps']:g} requests a second, {run['files']['rps']:g} files;"
        f" {booked['acknowledged']} bookings, {booked['let_go']} ended.\n"
        f"{site['database']}, {site['cache']}, {site['proxy'] or 'no proxy'},"
        f" {site['processes']} processes with {site['threads']} threads.\n"
        f"Memory: at most {memory}.\n"
        f"CPU: {by_process}; Locust {run['client']['cpu_percent']:g} %,"
        f" others {cpu['others']:g} % of {run['machine']['cores']} cores.\n"
        f"The site took {cpu['ms_per_request']:g} ms of CPU for each request."
    )
