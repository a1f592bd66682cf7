"""How each endpoint with a budget is visited, by tests and baselines alike."""

from monitoring.visits.asking import Answer, Asker, Unexpected, move_generations
from monitoring.visits.scene import Scene
from monitoring.visits.table import NOT_ALONE, VISITS, Visit

__all__ = [
    "NOT_ALONE",
    "VISITS",
    "Answer",
    "Asker",
    "Scene",
    "Unexpected",
    "Visit",
    "move_generations",
]
