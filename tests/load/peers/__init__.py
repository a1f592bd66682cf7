"""What the site is measured against: the same work, written as one usually does."""
