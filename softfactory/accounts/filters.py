"""What the list of webhook deliveries can be narrowed to."""

from django_filters import ChoiceFilter, NumberFilter
from django_filters.rest_framework import FilterSet

from softfactory.accounts.models import WebhookDelivery
from softfactory.kernel.api.filters import QueryForm

LARGEST_ID = 2**63 - 1


class DeliveryFilters(FilterSet):
    """Deliveries to an endpoint, in a state."""

    class Meta:
        form = QueryForm

    endpoint = NumberFilter(
        field_name="endpoint_id", min_value=1, max_value=LARGEST_ID, decimal_places=0
    )
    state = ChoiceFilter(choices=WebhookDelivery.State.choices)
