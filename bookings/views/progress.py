"""How a booking stands, in words: its badge, its timeline, and what happens next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking, GuestReview, Review, SeriesPart
from bookings.models.series import part_of
from bookings.models.words import size_of
from bookings.services.deciding import WAITED
from bookings.views.wording import terms_of
from softfactory.accounts.models import User
from softfactory.kernel.components.content import Tone
from softfactory.kernel.components.times import Entry

Status, Paid = Booking.Status, Booking.PaymentStatus

TONES: dict[str, Tone] = {
    Status.HELD: "waiting",
    Status.PENDING: "waiting",
    Status.CONFIRMED: "positive",
    Status.COMPLETED: "done",
    Status.DECLINED: "danger",
    Status.NO_SHOW: "danger",
    Status.CANCELLED: "neutral",
    Status.EXPIRED: "neutral",
}

PAYMENT_TONES: dict[str, Tone] = {
    Paid.NONE: "neutral",
    Paid.DUE: "waiting",
    Paid.HELD: "waiting",
    Paid.PART_PAID: "positive",
    Paid.PAID: "positive",
    Paid.FAILED: "danger",
    Paid.RETURNED: "neutral",
}


@dataclass(frozen=True)
class Progress:
    """A booking as one person sees it at a moment."""

    booking: Booking
    viewer: User
    now: datetime

    @property
    def status(self) -> str:
        """The state; a hold whose time is up counts as expired before anybody swept it."""
        return Status.EXPIRED if self.booking.is_lapsed(now=self.now) else self.booking.status

    @property
    def label(self) -> str:
        return str(Status(self.status).label)

    @property
    def tone(self) -> Tone:
        return TONES[self.status]

    @property
    def size(self) -> str:
        """How long the visit is, and for how many."""
        return size_of(self.booking.duration_hours, self.booking.guests)

    @property
    def part(self) -> SeriesPart | None:
        """Which visit of a series it is, if it is one."""
        return part_of(self.booking)

    @property
    def customer_name(self) -> str:
        """What the chef knows the customer by."""
        return self.booking.customer.get_short_name()

    @property
    def is_customer(self) -> bool:
        return self.booking.customer_id == self.viewer.pk

    @property
    def is_owner(self) -> bool:
        return self.booking.chef.owner_id == self.viewer.pk

    @property
    def has_begun(self) -> bool:
        return self.booking.starts_at <= self.now

    @property
    def is_over(self) -> bool:
        return self.booking.ends_at <= self.now

    @property
    def can_decide(self) -> bool:
        """Whether the viewer is the one who accepts or declines, and it is still open."""
        return self.is_owner and self.status == Status.PENDING and not self.has_begun

    @property
    def can_take_up(self) -> bool:
        """Whether the viewer holds this time, and may turn the hold into a booking."""
        return self.is_customer and self.status == Status.HELD and not self.booking.policy_id

    @property
    def can_pay(self) -> bool:
        """Whether the viewer's card is to be asked: for a hold, or for what it did not pay."""
        if not (self.is_customer and self.booking.policy_id):
            return False
        is_owed = self.status in (Status.CONFIRMED, Status.COMPLETED)
        return self.status == Status.HELD or (is_owed and self.has_failed)

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt to pay came to nothing."""
        return self.booking.payment_status == Booking.PaymentStatus.FAILED

    @property
    def payment_label(self) -> str:
        """How the money stands; empty where nothing is paid here."""
        return str(self.booking.get_payment_status_display()) if self.booking.policy_id else ""

    @property
    def payment_tone(self) -> Tone:
        return PAYMENT_TONES[self.booking.payment_status]

    @property
    def terms(self) -> list[str]:
        """What was agreed about paying and cancelling."""
        return terms_of(self.booking.policy)

    @property
    def can_cancel(self) -> bool:
        return self.status in Booking.OCCUPYING and not self.has_begun

    @property
    def can_move(self) -> bool:
        """Whether the viewer may move it: the customer, or the chef what was accepted."""
        movable = {Status.CONFIRMED} | ({Status.PENDING} if self.is_customer else set())
        return self.status in movable and not self.has_begun and self.booking.chef.is_active

    @property
    def can_complete(self) -> bool:
        return self.is_owner and self.status == Status.CONFIRMED and self.is_over

    @property
    def review_of_chef(self) -> Review | None:
        """What the customer said, if the viewer may read it."""
        return self._readable(self.booking.review_of_chef, is_own=self.is_customer)

    @property
    def review_of_guest(self) -> GuestReview | None:
        """What the chef said, if the viewer may read it."""
        return self._readable(self.booking.review_of_guest, is_own=not self.is_customer)

    def _readable[T: (Review, GuestReview)](self, said: T | None, *, is_own: bool) -> T | None:
        return said if said and (is_own or said.published_at) else None

    @property
    def can_review(self) -> bool:
        """Whether the viewer may still say what they think of the other side."""
        if self.status != Status.COMPLETED:
            return False
        said = [self.booking.review_of_chef, self.booking.review_of_guest]
        own, others = said if self.is_customer else reversed(said)
        return not (own or (others and others.published_at))

    @property
    def can_answer(self) -> bool:
        """Whether the viewer may answer what the customer said."""
        review = self.review_of_chef
        is_open = review is not None and review.published_at and not review.answered_at
        return bool(self.is_owner and is_open)

    @property
    def can_report_no_show(self) -> bool:
        """Whether the viewer waited for guests who did not come."""
        has_waited = self.booking.starts_at + WAITED <= self.now
        return self.is_owner and self.status == Status.CONFIRMED and has_waited

    @property
    def can_write(self) -> bool:
        """Whether the two sides can write to each other."""
        return self.booking.status != Status.HELD

    @property
    def timeline(self) -> list[Entry]:
        """What has happened, what is now, and what would come."""
        return [self._asked(), *self._moved(), self._answer(), *self._visit()]

    def _asked(self) -> Entry:
        zone = self.booking.timezone
        if self.status == Status.HELD:
            held = {"at": self.booking.expires_at, "zone": zone, "note": _("Held until then")}
            return {"label": _("Time held"), "state": "current", **held}
        return {"label": _("Asked"), "state": "done", "at": self.booking.created_at, "zone": zone}

    def _moved(self) -> list[Entry]:
        booking = self.booking
        if not booking.moved_at:
            return []
        return [
            {
                "label": _("Moved from another time"),
                "state": "done",
                "at": booking.moved_from,
                "zone": booking.timezone,
            }
        ]

    def _answer(self) -> Entry:
        answers: dict[str, Entry] = {
            Status.HELD: {"label": _("Booked"), "state": "todo"},
            Status.PENDING: {"label": _("The chef answers"), "state": "current"},
            Status.DECLINED: {"label": _("Declined by the chef"), "state": "stopped"},
            Status.CANCELLED: {"label": _("Cancelled"), "state": "stopped"},
            Status.EXPIRED: {
                "label": _("The hold ended") if self.was_let_go else _("Expired without an answer"),
                "state": "stopped",
            },
        }
        confirmed: Entry = {"label": _("Confirmed"), "state": "done"}
        entry = answers.get(self.status, confirmed)
        if entry["state"] in {"done", "stopped"} and self.booking.decided_at:
            return {**entry, "at": self.booking.decided_at, "zone": self.booking.timezone}
        return entry

    def _visit(self) -> list[Entry]:
        if self.status in {Status.DECLINED, Status.CANCELLED, Status.EXPIRED}:
            return []
        when = {"at": self.booking.starts_at, "zone": self.booking.timezone}
        if self.status == Status.NO_SHOW:
            return [{"label": _("Nobody came"), "state": "stopped", **when}]
        if self.status == Status.COMPLETED or self.is_over:
            return [{"label": _("The visit"), "state": "done", **when}]
        state = "current" if self.status == Status.CONFIRMED else "todo"
        return [{"label": _("The visit"), "state": state, **when}]

    @property
    def next_step(self) -> str:
        """What happens next, said to the viewer; by when stands beside it in `next_at`."""
        chef = {"chef": self.booking.chef.name}
        if self.is_owner and not self.is_customer:
            return self._next_for_owner()
        return {
            Status.HELD: self._next_of_hold(),
            Status.PENDING: _("%(chef)s has your request and will accept or decline it.") % chef,
            Status.CONFIRMED: _("%(chef)s comes to cook at the time below.") % chef,
            Status.COMPLETED: _("We hope it was delicious."),
            Status.DECLINED: _("%(chef)s can't make it. Another time may do.") % chef,
            Status.CANCELLED: _("This booking was cancelled. Nothing more happens."),
            Status.EXPIRED: self._came_to_nothing(),
            Status.NO_SHOW: _("The chef came, but nobody was there."),
        }[Status(self.status)]

    @property
    def is_held(self) -> bool:
        """Whether the viewer's own hold runs."""
        return self.is_customer and self.status == Status.HELD

    @property
    def was_let_go(self) -> bool:
        """Whether this was a hold that nobody took up, rather than a request without an answer."""
        if self.booking.status == Status.HELD:
            return self.status == Status.EXPIRED
        return self.status == Status.EXPIRED and self.booking.updated_at < self.booking.starts_at

    @property
    def can_book_again(self) -> bool:
        """Whether the viewer might still have the time that was held for them."""
        is_open = self.booking.chef.is_active and not self.has_begun
        return self.is_customer and self.was_let_go and is_open

    def _came_to_nothing(self) -> str:
        if self.was_let_go:
            return _("The time was held for you and is free for others again. Nothing was charged.")
        return _("Nobody answered in time, so this came to nothing.")

    def _next_of_hold(self) -> str:
        if self.booking.policy_id:
            return _("This time is held for you. Pay, and it is yours.")
        return _("This time is held for you. Book it before the hold ends.")

    def _next_for_owner(self) -> str:
        return {
            Status.HELD: _("Somebody holds this time for a few minutes and may book it."),
            Status.PENDING: _("Accept or decline this request."),
            Status.CONFIRMED: _("You have accepted this. Be there on time."),
            Status.COMPLETED: _("This visit is done."),
            Status.DECLINED: _("You have declined this request."),
            Status.CANCELLED: _("This booking was cancelled. The time is free again."),
            Status.EXPIRED: _("This was not answered in time. The time is free again."),
            Status.NO_SHOW: _("Nobody was there when you came."),
        }[Status(self.status)]

    @property
    def deadline(self) -> datetime | None:
        """By when the next step happens, None where nothing is open."""
        if self.status == Status.HELD:
            return self.booking.expires_at
        return self.booking.starts_at if self.status == Status.PENDING else None
