"""Every route of the site: pages (in two languages), the API, the admin."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from bookings.views import calendar_feed, home, short_address
from monitoring.api import prometheus
from softfactory.kernel.http import hints
from softfactory.kernel.http.pictures import show_public_picture
from softfactory.kernel.http.problems import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

# Addresses that end in a slash, as people type them.
AS_TYPED = ("admin", "ko")

urlpatterns = [
    path("api/", include("softfactory.api")),
    path(hints.RULES, hints.speculation_rules),
    path("metrics", prometheus, name="prometheus"),
    path("media/<str:name>", show_public_picture, name="media"),
    # What a problem's `type` names: the reference says what problems are.
    path("problems/<slug:code>", require_safe(RedirectView.as_view(url="/api/docs#rules"))),
    path("calendar/<slug:secret>.ics", calendar_feed, name="calendar_feed"),
    path("admin/", admin.site.urls),
    *(path(name, require_safe(RedirectView.as_view(url=f"/{name}/"))) for name in AS_TYPED),
    *i18n_patterns(
        path("", home, name="home"),
        path("c/<str:named>", short_address, name="short_address"),
        path("coocook/", include("bookings.urls")),
        path("social/", include("sns.urls")),
        path("monitoring/", include("monitoring.urls")),
        path("", include("subscriptions.urls")),
        path("payments/", include("softfactory.payments.urls")),
        path("", include("softfactory.accounts.urls")),
        path("", include("softfactory.kernel.urls")),
        prefix_default_language=False,
    ),
]

if settings.SILK:
    urlpatterns.append(path("silk/", include("softfactory.kernel.profiling.urls")))
if settings.TOOLBAR:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
