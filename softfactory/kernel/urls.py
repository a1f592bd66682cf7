"""Routes of the kernel's own pages."""

from django.urls import path

from softfactory.kernel.views import show_styleguide

app_name = "ui"

urlpatterns = [path("styleguide/", show_styleguide, name="styleguide")]
