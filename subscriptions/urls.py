"""Routes of the pages about plans, subscriptions and invoices."""

from django.urls import path

from subscriptions import views

app_name = "subscriptions"

urlpatterns = [
    path("pricing", views.show_pricing, name="pricing"),
    path("subscriptions", views.list_subscriptions, name="subscription_list"),
    path("subscriptions/start/<int:plan>", views.start, name="start"),
    path("subscriptions/<int:pk>", views.show_subscription, name="subscription"),
    path("subscriptions/<int:pk>/change/<int:plan>", views.change, name="change"),
    path("subscriptions/<int:pk>/coupon", views.coupon, name="coupon"),
    path("subscriptions/<int:pk>/pause", views.pause, name="pause"),
    path("subscriptions/<int:pk>/resume", views.resume, name="resume"),
    path("subscriptions/<int:pk>/cancel", views.cancel, name="cancel"),
    path("invoices/<int:pk>", views.show_invoice, name="invoice"),
]
