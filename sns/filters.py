"""What the list of posts can be narrowed to."""

from django_filters import ChoiceFilter, NumberFilter
from django_filters.rest_framework import FilterSet

from sns.models import Post
from softfactory.kernel.api.filters import QueryForm

LARGEST_ID = 2**63 - 1


class PostFilters(FilterSet):
    """Posts in a state, or of a campaign."""

    class Meta:
        form = QueryForm

    state = ChoiceFilter(choices=Post.State.choices)
    campaign = NumberFilter(
        field_name="campaign_id", min_value=1, max_value=LARGEST_ID, decimal_places=0
    )
