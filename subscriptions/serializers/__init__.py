"""JSON in and out, one module per idea."""
