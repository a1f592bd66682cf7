"""A visit: one way to ask for an endpoint."""

from collections.abc import Callable
from typing import NamedTuple

from monitoring.visits.preparing import Prepared
from monitoring.visits.scene import Scene


class Visit(NamedTuple):
    """One way to ask for the endpoint `name`, and the status that it answers with."""

    name: str
    by: str = "nobody"
    prepare: Callable[[Scene], Prepared] = lambda scene: ({}, {})
    status: int = 200
    path: str = ""  # where the route is no address

    @property
    def is_api(self) -> bool:
        return "/api/" in self.name or self.name == "GET /metrics"

    @property
    def is_read(self) -> bool:
        return self.name.startswith("GET ")
