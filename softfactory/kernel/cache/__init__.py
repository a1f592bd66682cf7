"""The caches as configured: in the process, in Redis, and one that all workers share."""
