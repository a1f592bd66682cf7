"""Alerts in the admin: rules and channels are edited, what happened is read."""

from monitoring.admin import alerts, channels, rules

__all__ = ["alerts", "channels", "rules"]
