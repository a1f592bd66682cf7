"""The named queries of occupancy, and how it is written."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Self, cast

from django.db import connection, models
from django.db.models import Q

from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.waiting import BoundStatement


class OccupancyQuerySet(models.QuerySet):
    """Quarter hours of chefs that are taken."""

    def within(self, ticks: range) -> Self:
        """Those with a tick in this range."""
        return self.filter(tick__gte=ticks.start, tick__lt=ticks.stop)

    def of_bookings(self) -> Self:
        """Those that bookings own: not those of calendars elsewhere."""
        return self.filter(booking__isnull=False)

    def standing(self, *, now: datetime) -> Self:
        """Those that nobody may take over: not of a lapsed hold."""
        return self.filter(Q(releases_at__isnull=True) | Q(releases_at__gt=now))

    def lapsed(self, *, now: datetime) -> Self:
        """Those that whoever comes first may take over."""
        return self.filter(releases_at__lte=now)

    # These are most of what a booking asks and writes. Django would take longer to find the
    # words for them than the database takes to do it.

    def owned(
        self, chef_ids: Collection[int], ticks: range, *, now: datetime
    ) -> list[tuple[int, int, bool]]:
        """Return chef, tick, and whether it may be taken over, of these chefs within the range."""
        places = ", ".join(["%s"] * len(chef_ids))
        return ask(
            "SELECT chef_id, tick, releases_at IS NOT NULL AND releases_at <= %s"  # nosec B608
            f" FROM {self.model._meta.db_table}"
            f" WHERE chef_id IN ({places}) AND tick >= %s AND tick < %s",
            [now, *chef_ids, ticks.start, ticks.stop],
        )

    def in_the_way(self, chef_id: int, ticks: range) -> tuple[str, list[int]]:
        """Return a query, and its values, that finds rows if any of a chef's ticks is owned."""
        table = self.model._meta.db_table
        query = f"SELECT 1 FROM {table} WHERE chef_id = %s AND tick >= %s AND tick < %s"  # nosec B608
        return query, [chef_id, ticks.start, ticks.stop]

    def owning(self, wanted: Sequence[tuple[int, int, int, int]]) -> BoundStatement:
        """Return what lets bookings own their ticks: rows of a booking, the version of its chef
        that it was decided on, its first tick, and the one after its last. It writes a row for each
        tick, and fewer if a chef is at another version; none can be edited from there on.

        It raises IntegrityError if somebody has one of these ticks.
        """
        booking, chef = map(self._table_of, ("booking", "chef"))
        places = ", ".join(["(%s, %s, %s, %s)"] * len(wanted))
        hold = "FOR KEY SHARE OF chef" if connection.features.has_select_for_update else ""
        # Everybody inserts in one order, so that two batches can't wait for each other.
        return BoundStatement(
            f"INSERT INTO {self.model._meta.db_table}"  # nosec B608
            " (chef_id, tick, booking_id, releases_at)"
            " WITH RECURSIVE wanted (booking_id, chef_version, tick, stop) AS ("
            f"VALUES {places} UNION ALL"
            " SELECT booking_id, chef_version, tick + 1, stop FROM wanted"
            " WHERE tick + 1 < stop)"
            " SELECT chef.id, tick, booking.id, booking.expires_at FROM wanted"
            f" JOIN {booking} AS booking ON booking.id = booking_id"
            f" JOIN {chef} AS chef ON chef.id = chef_id AND chef.version = chef_version"
            f" ORDER BY chef.id, tick {hold}",
            list(itertools.chain.from_iterable(wanted)),
        )

    def owning_unless_taken(
        self, claim: tuple[int, int, int], ticks: range, *, releases_at: datetime | None
    ) -> BoundStatement:
        """Return the same on PostgreSQL for a booking that this very statement writes, so that it
        can't be found: of it, of its chef, and of the version of that; or nothing, if anybody has
        one of these ticks.
        """
        taken, values = self.in_the_way(claim[1], ticks)
        return BoundStatement(
            _owning_unless(self.model._meta.db_table, self._table_of("chef"), taken),
            [claim[0], releases_at, ticks.start, ticks.stop - 1, *claim[1:], *values],
        )

    def _table_of(self, relation: str) -> str:
        related = self.model._meta.get_field(relation).related_model
        return cast(type[models.Model], related)._meta.db_table

    def of_chefs(self, chef_ids: Iterable[int]) -> Self:
        """Those of these chefs."""
        return self.filter(chef__in=list(chef_ids))


@cache
def _owning_unless(own: str, chef: str, taken: str) -> str:
    return (
        f"INSERT INTO {own} (chef_id, tick, booking_id, releases_at)"  # nosec B608
        " SELECT chef.id, tick, %s::bigint, %s::timestamptz"
        f" FROM {chef} AS chef, generate_series(%s::bigint, %s::bigint) AS tick"
        f" WHERE chef.id = %s AND chef.version = %s AND NOT EXISTS ({taken})"
        " ORDER BY tick FOR KEY SHARE OF chef"
    )
