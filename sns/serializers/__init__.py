"""Social accounts, posts and publications as JSON."""
