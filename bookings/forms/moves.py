"""What is filled in to move a booking: how long it is to last, and when it is to start."""

from collections.abc import Mapping

from bookings.forms.visits import BookingForm
from bookings.models import Booking, Chef


class MoveForm(BookingForm):
    """Another time for a booking; for whom it is stays. A draft may lack the start."""

    def __init__(
        self, booking: Booking, chef: Chef, data: Mapping[str, str], *, is_draft: bool = False
    ) -> None:
        visit = {"duration_hours": str(booking.duration_hours), **data}
        super().__init__(chef, visit, is_draft=is_draft)
        kept = {"duration_hours", "date", "starts_at"}
        for name in self.fields.keys() - kept:
            del self.fields[name]
        self.usual["guests"] = booking.guests
        if booking.menu_id:  # a menu takes as long as it takes
            kept = booking.duration_hours
            choices = self.fields["duration_hours"].choices
            self.fields["duration_hours"].choices = [row for row in choices if row[0] == kept]
