"""Monitoring in the admin: rules and channels are edited, what happened is read."""

from monitoring.admin import alerts, channels, generations, rules

__all__ = ["alerts", "channels", "generations", "rules"]
