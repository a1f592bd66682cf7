"""What the sides of a booking fill in about each other."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bookings.models import Review
from bookings.models.chef import STARS
from softfactory.kernel.forms import Chips

LONGEST = Review._meta.get_field("text").max_length


class ReviewForm(forms.Form):
    """Stars, and words for who has some."""

    rating = forms.TypedChoiceField(
        label=_("Stars"),
        choices=[(stars, str(stars)) for stars in STARS],
        coerce=int,
        widget=Chips,
        error_messages={"required": _("Choose how many stars.")},
    )
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
    )


class CustomersReviewForm(ReviewForm):
    """The same, and whether the chef may quote it."""

    may_be_quoted = forms.BooleanField(
        label=_("The chef may quote this in posts on social networks"), required=False
    )

    def __init__(self, *args: Any, shown_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("With the name “{name}”, as below the review. You can take it back at any time.")
        self.fields["may_be_quoted"].help_text = format_html(hint, name=shown_name)


class AnswerForm(forms.Form):
    """What a chef answers to a review."""

    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea({"rows": 5})
    )
