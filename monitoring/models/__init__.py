"""What is kept about the site's own work."""

from monitoring.models.samples import InvariantCount, Reading, Sample

__all__ = ["InvariantCount", "Reading", "Sample"]
