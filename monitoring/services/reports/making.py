"""A report is made: everything is read, judged, and put in order."""

from datetime import datetime
from pathlib import Path

from monitoring.services.reports import alerts, audits, baselines, history, load_runs
from monitoring.services.reports.document import Report
from monitoring.services.reports.inputs import read_inputs

MOST_FINDINGS = 5
URGENCY = {False: 0, None: 1, True: 2}


def make_report(*, folder: Path, now: datetime, days: int) -> Report:
    """Return the report on what lies in a folder such as VAR_DIR, and on the last days' samples."""
    inputs = read_inputs(folder)
    samples = history.read_history(now=now, days=days)
    missing = list(inputs.missing)
    if samples is None:
        missing.append("No history: the clock, manage.py run_due --loop, takes the samples.")
    findings = [
        *load_runs.findings(inputs.runs),
        *history.findings(samples),
        *baselines.findings(inputs.baselines),
    ]
    parts = [
        *([load_runs.part(inputs.runs)] if inputs.runs else ()),
        *([baselines.part(inputs.baselines)] if inputs.baselines else ()),
        *([audits.part(inputs.audits)] if inputs.audits else ()),
        *([history.part(samples)] if samples else ()),
        alerts.part(now=now, days=days),
    ]
    verdicts = [
        *load_runs.verdicts(inputs.runs),
        *baselines.verdicts(inputs.baselines),
        *audits.verdicts(inputs.audits),
        *history.verdicts(samples),
    ]
    return Report(
        made_at=now,
        verdicts=sorted(verdicts, key=lambda one: URGENCY[one.passed]),
        findings=sorted(findings, key=lambda one: -one.weight)[:MOST_FINDINGS],
        parts=parts,
        missing=missing,
    )
