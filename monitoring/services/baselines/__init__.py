"""Baselines: what every endpoint costs on a seeded site, measured alike each time.

A baseline is a JSON file under VAR_DIR/baselines, named by the instant at which it was taken:

    {"format": 1, "taken_at": "2026-11-25T09:30:00+00:00", "seconds": 93.1,
     "commit": "ef5d9a4…", "is_dirty": false,      (null without git)
     "database": "sqlite 3.53.0", "python": "3.13.0", "django": "6.1.3",
     "machine": {"cores": 2, "load": 0.4},
     "sizes": {"users": 200, "chefs": 200, "bookings": 5000}, "rounds": 7, "requests": 5,
     "calibration_ms": [10.2, …],                  (one a round)
     "endpoints": {"GET /api/coocook/chefs": {
         "cold": {"wall_ms": {"min": …, "mean": …, "median": …, "p95": …, "p99": …},
                  "cpu_ms": {…, the same}, "queries": 2, "bytes": 4141,
                  "rounds_cpu_ms": [2.1, …]},      (the lower quartile of each round)
         "warm": {…} or null,                      (null where nothing is kept)
         "budget": {"queries": 2, "bytes": 5500, "average_ms": 50, "p95_ms": 150, "hit_rate": 80}
     }}}

Cold means that the generations moved before each request. Times are those of the handler, in one
process and one thread, without a network; the calibration is the CPU time of a piece of work that
is always the same, and tells how quick the computer was in that round.
"""
