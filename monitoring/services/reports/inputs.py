"""What was measured, as files under VAR_DIR: read, newest first, or said to be unreadable."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

type Measured = Mapping[str, Any]

FORMAT = 1


class Kind(NamedTuple):
    """Where results of a kind lie, what tells when they were made, what they must have besides."""

    pattern: str
    made_at: str
    parts: tuple[str, ...]
    command: str


OF_ALL = ("commit", "is_dirty", "machine")
OF_RUNS = (
    *("command", "shape", "users", "seconds", "site", "verdicts", "total", "routes", "errors"),
    *("stages", "within_targets", "breaking_point", "stop_criterion"),
    *("cpu_percent", "memory_mb", "client"),
)
OF_BASELINES = ("endpoints", "database", "sizes", "rounds", "requests", "calibration_ms")

KINDS = {
    "runs": Kind("load/*/run.json", "started_at", (*OF_ALL, *OF_RUNS), "make load"),
    "baselines": Kind(
        "baselines/*.json",
        "taken_at",
        (*OF_ALL, *OF_BASELINES),
        "manage.py performance_baseline",
    ),
    "audits": Kind(
        "lighthouse/*.json",
        "taken_at",
        (*OF_ALL, "pages", "minimums", "lighthouse"),
        "make lighthouse",
    ),
}


@dataclass(slots=True)
class Inputs:
    """Each kind's results, the newest first, and what can't be read."""

    runs: list[Measured] = field(default_factory=list)
    baselines: list[Measured] = field(default_factory=list)
    audits: list[Measured] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read_inputs(folder: Path) -> Inputs:
    """Return what lies in a folder such as VAR_DIR."""
    found = Inputs()
    for name, kind in KINDS.items():
        results = list(_read(folder, kind, found.missing))
        results.sort(key=lambda one: str(one[kind.made_at]), reverse=True)
        getattr(found, name).extend(results)
        if not results:
            found.missing.append(f"No results in {kind.pattern}: {kind.command} makes them.")
    return found


def _read(folder: Path, kind: Kind, missing: list[str]) -> Iterator[Measured]:
    for path in sorted(folder.glob(kind.pattern)):
        name = path.relative_to(folder)
        try:
            measured = json.loads(path.read_text())
        except (OSError, ValueError):
            missing.append(f"{name} is not JSON, and was left out.")
            continue
        if not isinstance(measured, dict) or measured.get("format") != FORMAT:
            missing.append(f"{name} is not in format {FORMAT}, and was left out.")
        elif lacks := sorted({*kind.parts, kind.made_at} - measured.keys()):
            missing.append(f"{name} lacks {', '.join(lacks)}, and was left out.")
        else:
            yield measured
