"""Routes of the pages about paying."""

from django.urls import path

from softfactory.payments import views

app_name = "payments"

urlpatterns = [
    path("cards", views.show_cards, name="cards"),
    path("cards/prepare", views.prepare, name="prepare_card"),
    path("cards/<int:pk>/remove", views.remove, name="remove_card"),
    path("<int:pk>/confirm", views.confirm, name="confirm"),
    path("sandbox/<int:pk>", views.challenge, name="sandbox"),
]
