"""The components of every page, as template tags; `templates/components/` holds their markup."""
