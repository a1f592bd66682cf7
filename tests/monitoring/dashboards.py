"""What is shipped for Prometheus and Grafana, as the queries that it is made of."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

#: A metric's name, or a rule's: `softfactory_requests_total`, `job:softfactory_requests:rate5m`.
NAME = re.compile(r"\b(?:[a-z_]+:)?softfactory_\w+(?::\w+)?")


def names_in(expression: str) -> set[str]:
    """Return the names of the metrics and rules that a PromQL expression asks for."""
    return set(NAME.findall(re.sub(r'"[^"]*"', "", expression)))


def rules_of(path: Path) -> tuple[set[str], list[str]]:
    """Return the names that a file of rules records, and all its expressions."""
    rules = [
        rule for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]
    ]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    return recorded, [rule["expr"] for rule in rules]


def panels_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the title and the expression of each query of a dashboard's panels."""
    for panel in json.loads(path.read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
