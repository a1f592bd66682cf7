"""Commits a write to a chef for each line that it reads: `python -m tests.load.bench.mover ID`."""

import sys

import django

django.setup()

from bookings.models import Chef  # noqa: E402


def main() -> None:
    for _line in sys.stdin:
        Chef.objects.filter(pk=int(sys.argv[1])).update(is_active=False)
        sys.stdout.write("moved\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
