"""The pages for who keeps the site running."""

from monitoring.views.overview import show_overview
from monitoring.views.queries import show_queries
from monitoring.views.requests import show_requests
from monitoring.views.routes import show_routes
from monitoring.views.system import show_system

__all__ = ["show_overview", "show_queries", "show_requests", "show_routes", "show_system"]
