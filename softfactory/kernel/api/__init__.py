"""What every API endpoint is built from: strict bodies and queries, cursors, scopes, versions."""
