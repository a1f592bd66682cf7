"""Where each of them answers."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from tests.load.peers.usual import drf, ninja, plain

router = DefaultRouter(trailing_slash=False)
router.register("chefs", drf.ChefViewSet, "chef")
router.register("kept-chefs", drf.KeptChefViewSet, "kept-chef")
router.register("bookings", drf.BookingViewSet, "booking")

urlpatterns = [
    path("plain/chefs", plain.chefs),
    path("plain/explore", plain.explore, name="explore"),
    path("plain/chefs/<int:pk>", plain.chef, name="chef"),
    path("drf/", include(router.urls)),
    path("ninja/", ninja.api.urls),
]
