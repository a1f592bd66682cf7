"""Routes of the pages about paying."""

from django.urls import path

from softfactory.payments import views

app_name = "payments"

urlpatterns = [
    path("cards", views.show_cards, name="cards"),
    path("cards/<int:pk>/remove", views.remove, name="remove_card"),
    path("sandbox/<int:pk>", views.challenge, name="sandbox"),
]
