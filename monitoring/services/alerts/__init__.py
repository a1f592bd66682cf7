"""Alerts: rules are judged in rounds, channels are told, and silence itself is noticed."""
