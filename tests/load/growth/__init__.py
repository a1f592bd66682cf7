"""How the cost of a request grows with the tables: `make growth`."""

# What is copied so many times: see `copies`.
SIZES = {"users": 20, "chefs": 20, "bookings": 1_000, "seed": 1}
