"""The rules of CooCook, by idea: calendar, pricing, bookings, chefs, reviews, sweeping."""
