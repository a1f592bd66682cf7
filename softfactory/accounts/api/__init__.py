"""The API of accounts: one's tokens, and who one is."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from softfactory.accounts.api.tokens import MeViewSet, TokenViewSet

router = SimpleRouter(trailing_slash=False)
router.register("tokens", TokenViewSet, basename="token")

urlpatterns = [
    path("me", MeViewSet.as_view({"get": "retrieve"}), name="me"),
    *router.urls,
]
