"""Routes of CooCook's pages and of their fragments."""

from django.urls import path

from bookings import views

app_name = "bookings"

urlpatterns = [
    path("explore", views.explore, name="explore"),
    path("chefs/<int:pk>", views.show_chef, name="chef"),
    path("chefs/<int:pk>/reviews", views.list_reviews, name="reviews"),
    path("chefs/<int:pk>/share/<str:name>", views.show_share, name="share"),
    path("chefs/<int:pk>/book", views.book, name="book"),
    path("chefs/<int:pk>/repeat", views.repeat, name="repeat"),
    path("chefs/<int:pk>/availability", views.edit_availability, name="availability"),
    path("chefs/<int:pk>/calendars", views.list_calendars, name="calendars"),
    path("chefs/<int:pk>/calendars/connect", views.connect_calendar, name="calendar_connect"),
    path("calendars/<int:pk>/test", views.try_calendar, name="calendar_try"),
    path("calendars/<int:pk>/disconnect", views.disconnect_calendar, name="calendar_disconnect"),
    path("calendars/<int:pk>/remove", views.remove_calendar, name="calendar_remove"),
    path("calendars/<int:pk>/read", views.read_calendar, name="calendar_read"),
    path("chefs/<int:pk>/terms", views.edit_terms, name="terms"),
    path("chefs/<int:pk>/earnings", views.show_earnings, name="earnings"),
    path("chefs/<int:pk>/menus", views.list_menus, name="menus"),
    path("chefs/<int:pk>/menus/new", views.new_menu, name="new_menu"),
    path("chefs/<int:pk>/menus/<int:menu>", views.show_menu, name="menu"),
    path("chefs/<int:pk>/menus/<int:menu>/offer", views.offer_menu, name="offer_menu"),
    path("chefs/<int:pk>/wait", views.wait, name="wait"),
    path("waitlist", views.list_waits, name="waitlist"),
    path("waitlist/<int:pk>/leave", views.leave, name="leave"),
    path("bookings", views.list_bookings, name="booking_list"),
    path("bookings/<int:pk>", views.show_booking, name="booking"),
    path("bookings/<int:pk>/cancel", views.cancel, name="cancel"),
    path("bookings/<int:pk>/reschedule", views.reschedule, name="reschedule"),
    path("bookings/<int:pk>/review", views.review, name="review"),
    path("bookings/<int:pk>/review/answer", views.answer, name="answer"),
    path("bookings/<int:pk>/pay", views.pay, name="pay"),
    path("bookings/<int:pk>/confirm", views.confirm, name="confirm"),
    path("bookings/<int:pk>/decline", views.decline, name="decline"),
    path("bookings/<int:pk>/no-show", views.no_show, name="no_show"),
    path("bookings/<int:pk>/messages", views.write, name="write"),
    path("bookings/<int:pk>/complete", views.complete, name="complete"),
    path("series/<int:pk>", views.show_series, name="series"),
    path("series/<int:pk>/confirm", views.confirm_all, name="confirm_all"),
    path("series/<int:pk>/decline", views.decline_all, name="decline_all"),
    path("series/<int:pk>/cancel", views.cancel_rest, name="cancel_rest"),
    path("calendar", views.show_feed, name="feed"),
    path("calendar/revoke", views.revoke_feed, name="feed_revoke"),
    path("dashboard", views.show_dashboard, name="dashboard"),
    path("requests", views.list_requests, name="request_list"),
    path("fragments/next-free", views.next_free_times, name="next_free"),
    path("fragments/free-this-week", views.free_this_week, name="free_this_week"),
]
