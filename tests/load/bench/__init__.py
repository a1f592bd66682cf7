"""The site beside its peers: both sides run, and what each spends on the same work is compared."""
