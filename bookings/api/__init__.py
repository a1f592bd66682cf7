"""The API of CooCook: chefs, their calendars, bookings, reviews."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.bookings import BatchViewSet, BookingViewSet
from bookings.api.calendar import CalendarViewSet
from bookings.api.calendar_files import CalendarFileViewSet
from bookings.api.chefs import ChefViewSet
from bookings.api.connected import ChefConnectionsViewSet, ConnectedCalendarViewSet
from bookings.api.menu_pictures import MenuPictureViewSet
from bookings.api.menus import ChefMenusViewSet, MenuViewSet
from bookings.api.messages import MessageViewSet
from bookings.api.money import ChefMoneyViewSet
from bookings.api.opinions import OpinionViewSet
from bookings.api.recurring import RecurringViewSet
from bookings.api.reviews import ReviewViewSet
from bookings.api.waitlist import WaitlistViewSet

router = SimpleRouter(trailing_slash=False)
router.register("coocook/chefs", ChefViewSet, basename="chef")
router.register("coocook/chefs", CalendarViewSet, basename="chef-calendar")
router.register("coocook/chefs", ChefMoneyViewSet, basename="chef-money")
router.register("coocook/chefs", ReviewViewSet, basename="chef-review")
router.register("coocook/chefs", ChefMenusViewSet, basename="chef-menus")
router.register("coocook/chefs", ChefConnectionsViewSet, basename="chef-connections")
router.register(
    "coocook/connected-calendars", ConnectedCalendarViewSet, basename="connected-calendar"
)
router.register("coocook/menus", MenuViewSet, basename="menu")
router.register("coocook/menus", MenuPictureViewSet, basename="menu-picture")
router.register("coocook/bookings", BookingViewSet, basename="booking")
router.register("coocook/bookings", MessageViewSet, basename="booking-message")
router.register("coocook/bookings", OpinionViewSet, basename="booking-opinion")
router.register("coocook/waitlist", WaitlistViewSet, basename="waitlist")
router.register("coocook/recurring-bookings", RecurringViewSet, basename="recurring-booking")
router.register("platform/batch-create-bookings", BatchViewSet, basename="booking-batch")

urlpatterns = [
    *router.urls,
    path(
        "coocook/bookings/<int:pk>.ics",
        CalendarFileViewSet.as_view({"get": "show"}),
        name="booking-calendar",
    ),
]
