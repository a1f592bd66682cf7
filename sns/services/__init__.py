"""What one can do with accounts, posts and what is around them."""
