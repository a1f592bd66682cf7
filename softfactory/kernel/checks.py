"""The tag of those system checks without which nothing of ours may start.

Worker and clock make these alone: others load all pages, to look at their addresses.
"""

START = "start"
