"""What each measure against slowness brings: the same work with it and without it, side by side.

    .venv/bin/python -m tests.load.effects [topic …]

Everything happens in this process, on a throw-away database of 200 chefs and 20,000 bookings. Ways
are interleaved, and the median of the rounds is shown: CPU time, except where one waits for the
disk or for a server. The last column tells how many times the first way's figure it is.
DATABASE_URL names the PostgreSQL whose connections are measured. docs/guide/tuning.md has the
figures, and what follows from them.
"""
