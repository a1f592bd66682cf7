"""The API, joined: every app's routes under one roof, and the schema that describes them.

An app's `api.py` ends in `urlpatterns`, which are joined here at the address they belong to.
"""

from django.urls import include, path

from softfactory.kernel.api.reference import show_reference
from softfactory.kernel.api.schema import show_schema

app_name = "api"

urlpatterns = [
    path("auth/", include("softfactory.accounts.api")),
    path("", include("bookings.api")),
    path("platform/", include("softfactory.accounts.api.webhooks")),
    path("platform/", include("softfactory.payments.api")),
    path("platform/", include("subscriptions.api")),
    path("sns/", include("sns.api")),
    path("", include("monitoring.api")),
    path("schema", show_schema, name="schema"),
    path("docs", show_reference, name="reference"),
]
