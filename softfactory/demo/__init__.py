"""The demo's content: people, chefs, bookings and reviews that never happened."""
