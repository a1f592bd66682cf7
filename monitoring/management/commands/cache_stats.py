"""cache_stats: how often what is kept serves, layer by layer."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand

from monitoring.services.caches.counting import cache_stats
from softfactory.kernel import clock


class Command(BaseCommand):
    """Print hits, misses and hit rates since the servers started."""

    help = "Show how often public reads were served as kept, layer by layer, on all hosts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as GET /api/cache/stats")

    def handle(self, **options: Any) -> None:
        found = cache_stats(now=clock.now())
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        items = found["cached_items"]
        self.stdout.write(f"{'layer':<12}{'hits':>12}{'misses':>12}{'hit rate':>10}")
        for layer in (found | {"name": "all reads"}, *found["layers"]):
            self.stdout.write(_line(layer))
        self.stdout.write(f"{'?' if items is None else items} entries in the default cache")


def _line(layer: Mapping[str, Any]) -> str:
    rate = "–" if layer["hit_rate"] is None else f"{layer['hit_rate']} %"
    return f"{layer['name']:<12}{layer['hits']:>12}{layer['misses']:>12}{rate:>10}"
