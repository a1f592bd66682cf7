"""Performance reports: baselines, load runs, audits and history, put together and judged."""
