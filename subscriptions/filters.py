"""What the lists of subscriptions and invoices can be narrowed to."""

from django_filters import ChoiceFilter
from django_filters.rest_framework import FilterSet

from softfactory.kernel.api.filters import QueryForm
from subscriptions.models import Invoice, Subscription


class SubscriptionFilters(FilterSet):
    """Subscriptions in a state."""

    class Meta:
        form = QueryForm

    status = ChoiceFilter(choices=Subscription.Status.choices)


class InvoiceFilters(FilterSet):
    """Invoices in a state."""

    class Meta:
        form = QueryForm

    status = ChoiceFilter(choices=Invoice.Status.choices)
