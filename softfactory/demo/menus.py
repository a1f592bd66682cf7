"""What the demo's chefs offer as a whole: menus of their own dishes."""

from random import Random

from bookings.models import Chef, Menu
from softfactory.demo.kitchens import Kitchen

TITLES = ("The long table", "A short evening", "What the market had", "For a birthday")
DIETARY = {"Vegan": ["vegan", "vegetarian", "dairy_free"]}
# A menu costs a multiple of this, in minor units of its currency.
STEPS = {"KRW": 5_000, "JPY": 500}
STEP = 500
COURSES = 3
MOST_GUESTS = 10


def write_menus(rng: Random, kitchen: Kitchen, chef: Chef) -> list[Menu]:
    """Return one menu of the chef's, or two, none of them saved yet."""
    titles = rng.sample(TITLES, rng.choice((1, 2)))
    return [_menu(rng, kitchen, chef, title) for title in titles]


def _menu(rng: Random, kitchen: Kitchen, chef: Chef, title: str) -> Menu:
    dishes = rng.sample(kitchen.cuisine.dishes, COURSES)
    hours = rng.choice(chef.durations)
    step = STEPS.get(chef.currency, STEP)
    cost = chef.price_per_guest_amount + chef.hourly_rate_amount * hours // 4
    return Menu(
        chef=chef,
        title=title,
        description=f"One guest said the {dishes[0].name} was {dishes[0].praise}.",
        courses="\n".join(dish.name[0].upper() + dish.name[1:] for dish in dishes),
        currency=chef.currency,
        price_per_guest_amount=-(-cost // step) * step,
        duration_hours=hours,
        min_guests=min(2, chef.max_guests),
        max_guests=min(chef.max_guests, MOST_GUESTS),
        dietary=DIETARY.get(chef.cuisine, []),
        created_at=chef.created_at,
        updated_at=chef.created_at,
    )
