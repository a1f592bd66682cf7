"""A Django project as one usually writes it, on the site's database."""
