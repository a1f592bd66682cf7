"""The bookings app (CooCook): chefs, their free time, and who booked it."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.db import generations
from softfactory.kernel.registry import (
    due,
    guards,
    invariants,
    lazily,
    nudged,
    sealed,
    settled,
    subject_locks,
    told,
)

#: What webhooks are told of bookings.
TOLD = (
    *("created", "confirmed", "rescheduled", "declined", "cancelled", "expired"),
    *("completed", "no_show"),
)


def _keep_search_in_step(using: str, **_signal: object) -> None:
    """The one signal there is: nothing else hears that SQLite has rebuilt a table."""
    from bookings.querysets.searching import keep_in_step

    keep_in_step(connections[using])


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("CooCook")

    def ready(self) -> None:
        post_migrate.connect(_keep_search_in_step, sender=self)
        from bookings import invariants as counts
        from bookings import models, tasks
        from bookings.services import (
            busy,
            completing,
            connecting,
            feeds,
            letters,
            menus,
            paying,
            reviews,
            sweeping,
            waitlist,
            writing_calendars,
        )

        generations.watch("chefs", models.Chef, models.Review, models.Menu)
        generations.watch(
            "calendar",
            models.Chef,
            models.AvailabilityRule,
            models.AvailabilityException,
            models.Occupancy,
        )
        generations.watch(
            "offers", models.Chef, models.AvailabilityRule, models.AvailabilityException
        )
        due.register("bookings.expire", sweeping.expire_bookings)
        due.register("bookings.waitlist", waitlist.offer_places)
        due.register("bookings.reviews", reviews.publish_reviews)
        due.register("bookings.completing", completing.complete_over)
        due.register("bookings.reminders", letters.remind)
        due.register("bookings.busy", busy.read_due)
        due.register("bookings.calendars", writing_calendars.write_due)
        due.register("bookings.letters", tasks.post_letters)
        due.register("bookings.forget_letters", letters.forget_letters)
        due.register("bookings.balances", paying.charge_balances)
        due.register("bookings.forget_past_occupancy", sweeping.forget_past_occupancy)
        invariants.register("bookings.overlaps", counts.count_overlaps)
        invariants.register("bookings.wrong_occupancy", counts.count_wrong_occupancy)
        invariants.register("bookings.wrong_ratings", counts.count_wrong_ratings)
        invariants.register("bookings.wrong_diets", counts.count_wrong_diets)
        invariants.register("bookings.wrong_search", counts.count_wrong_search)
        invariants.register("bookings.wrong_payments", counts.count_wrong_payments)
        subject_locks.register(models.Booking.SUBJECT, paying.lock_booking)
        settled.register(models.Booking.SUBJECT, paying.on_payment_settled)
        nudged.register("bookings.payment_failed", tasks.tell_of_failed_payment)
        nudged.register("bookings.menu_picture", menus.make_copies)
        nudged.register("bookings.place_opened", tasks.offer_places)
        nudged.register("bookings.place_offered", tasks.tell_of_place)
        nudged.register("bookings.rescheduled", tasks.tell_of_new_time)
        tell = lazily("bookings.serializers.bookings.tell_booking")
        for what in (
            "created",
            "confirmed",
            "rescheduled",
            "declined",
            "cancelled",
            "completed",
            "expired",
            "no_show",
        ):
            told.register(f"booking.{what}", tell)
        sealed.register("bookings.busy", busy.reseal_addresses)
        sealed.register("bookings.connected", connecting.reseal_accesses)
        sealed.register("bookings.feeds", feeds.reseal_feeds)
        guards.register("bookings.occupancy", counts.is_occupancy_unique)
