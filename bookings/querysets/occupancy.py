"""The named queries of occupancy, and how it is written."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Self

from django.db import connection, models
from django.db.models import Q


class OccupancyQuerySet(models.QuerySet):
    """Quarter hours of chefs that are taken."""

    def within(self, ticks: range) -> Self:
        """Those with a tick in this range."""
        return self.filter(tick__gte=ticks.start, tick__lt=ticks.stop)

    def standing(self, *, now: datetime) -> Self:
        """Those that nobody may take over: not of a lapsed hold."""
        return self.filter(Q(releases_at__isnull=True) | Q(releases_at__gt=now))

    def lapsed(self, *, now: datetime) -> Self:
        """Those that whoever comes first may take over."""
        return self.filter(releases_at__lte=now)

    # These two are most of what a booking asks and writes. Django would take longer to find the
    # words for them than the database takes to do it.

    def owned(
        self, chef_ids: Collection[int], ticks: range, *, now: datetime
    ) -> list[tuple[int, int, bool]]:
        """Return chef, tick, and whether it may be taken over, of these chefs within the range."""
        places = ", ".join(["%s"] * len(chef_ids))
        at = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT chef_id, tick, releases_at IS NOT NULL AND releases_at <= %s"  # nosec B608
                f" FROM {self.model._meta.db_table}"
                f" WHERE chef_id IN ({places}) AND tick >= %s AND tick < %s",
                [at, *chef_ids, ticks.start, ticks.stop],
            )
            return cursor.fetchall()

    def own(self, rows: Sequence[tuple[int, int, int, datetime | None]]) -> None:
        """Insert rows of chef, tick, booking and the instant from which they may be taken over.

        Raises IntegrityError if somebody has one of these ticks.
        """
        for some in itertools.batched(rows, 2_000, strict=False):  # of 4 values each
            values = [
                (*key, at and connection.ops.adapt_datetimefield_value(at)) for *key, at in some
            ]
            places = ", ".join(["(%s, %s, %s, %s)"] * len(values))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {self.model._meta.db_table}"  # nosec B608
                    f" (chef_id, tick, booking_id, releases_at) VALUES {places}",
                    list(itertools.chain.from_iterable(values)),
                )

    def of_chefs(self, chef_ids: Iterable[int]) -> Self:
        """Those of these chefs."""
        return self.filter(chef__in=list(chef_ids))
