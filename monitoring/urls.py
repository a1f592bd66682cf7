"""Routes of the pages for who keeps the site running."""

from django.urls import path

from monitoring import views

app_name = "monitoring"

urlpatterns = [
    path("", views.show_overview, name="overview"),
    path("routes/", views.show_routes, name="routes"),
    path("queries/", views.show_queries, name="queries"),
    path("requests/", views.show_requests, name="requests"),
    path("system/", views.show_system, name="system"),
]
