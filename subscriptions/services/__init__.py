"""The rules of subscriptions, one module per idea."""
