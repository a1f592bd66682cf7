"""CooCook as JSON: chefs, their availability and free times, bookings, reviews."""
