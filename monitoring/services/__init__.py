"""What the site knows about itself: health, what was counted, what runs here."""
