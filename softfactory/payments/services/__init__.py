"""The rules of payments, one module per idea."""
