"""What a report says, whatever it is written in: verdicts, then parts with tables and charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its target; `passed` is None where nothing was measured."""

    what: str
    measured: str
    target: str
    source: str
    passed: bool | None

    @property
    def word(self) -> str:
        return {True: "met", False: "missed", None: "not measured"}[self.passed]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts; all columns after the first `names` hold numbers."""

    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    title: str = ""
    names: int = 1


@dataclass(frozen=True, slots=True)
class Series:
    """One line: (x, y) each, in the order of x."""

    name: str
    points: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over time (x in seconds of the epoch), or over a number that `across` names."""

    title: str
    unit: str
    series: list[Series]
    limit: float | None = None
    across: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares of a whole, the largest first: name, share from 0 to 1, and the figure as text."""

    title: str
    rows: Sequence[tuple[str, float, str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What holds the site up, and what shows that; `weight` tells how much, from 0 to 1."""

    title: str
    evidence: str
    look_at: str
    weight: float


@dataclass(slots=True)
class Part:
    """A chapter."""

    title: str
    text: list[str] = field(default_factory=list)
    figures: list[Chart | Bars] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `missing` says what there was nothing to read for, and how to make it."""

    made_at: datetime
    verdicts: list[Verdict]
    findings: list[Finding]
    parts: list[Part]
    missing: list[str]
