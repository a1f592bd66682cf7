"""The filters of the page of chefs."""

from django import forms


class ExploreForm(forms.Form):
    q = forms.CharField(required=False, label="Search")
    cuisine = forms.CharField(required=False)
    location = forms.CharField(required=False, label="Place")
    available_on = forms.DateField(required=False, label="Date")
    guests = forms.IntegerField(required=False, min_value=1)
    min_price = forms.IntegerField(required=False, label="From")
    max_price = forms.IntegerField(required=False, label="Up to")
    min_rating = forms.ChoiceField(
        required=False, choices=[("", "Any"), ("400", "4 stars"), ("450", "4.5 stars")]
    )
    sort = forms.ChoiceField(
        required=False,
        choices=[("", "Best rated"), ("newest", "Newest"), ("price", "Price")],
    )

    def narrow(self, chefs):
        """Return the chefs that are left."""
        wanted = self.cleaned_data
        if wanted.get("cuisine"):
            chefs = chefs.filter(cuisine__iexact=wanted["cuisine"])
        if wanted.get("location"):
            chefs = chefs.filter(location__icontains=wanted["location"])
        if wanted.get("guests"):
            chefs = chefs.filter(max_guests__gte=wanted["guests"])
        return chefs
