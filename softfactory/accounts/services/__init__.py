"""The rules of accounts, one module per idea."""
