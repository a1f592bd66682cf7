"""What people fill in: a search, a visit, a chef's terms."""

from bookings.forms.availability import AvailabilityForm, LookForm
from bookings.forms.calendars import BusyCalendarForm, ConnectForm, DisconnectForm
from bookings.forms.menus import MenuForm
from bookings.forms.messages import MessageForm
from bookings.forms.moves import MoveForm
from bookings.forms.repeating import RepeatForm
from bookings.forms.reviews import AnswerForm, CustomersReviewForm, ReviewForm
from bookings.forms.searching import PRICE_CURRENCY, Choices, ExploreForm, SearchForm
from bookings.forms.terms import TermsForm
from bookings.forms.visits import BookingForm, PlacedForm, VisitForm, earliest_day
from bookings.forms.waiting import WaitForm

__all__ = [
    "PRICE_CURRENCY",
    "AnswerForm",
    "AvailabilityForm",
    "BookingForm",
    "BusyCalendarForm",
    "Choices",
    "ConnectForm",
    "CustomersReviewForm",
    "DisconnectForm",
    "ExploreForm",
    "LookForm",
    "MenuForm",
    "MessageForm",
    "MoveForm",
    "PlacedForm",
    "RepeatForm",
    "ReviewForm",
    "SearchForm",
    "TermsForm",
    "VisitForm",
    "WaitForm",
    "earliest_day",
]
