"""What visits to products, plans, subscriptions and cards need before them."""

from monitoring.visits.preparing import Prepared
from monitoring.visits.scene import Scene


def new_card(scene: Scene) -> Prepared:
    return {"pk": scene.new_card().pk}, {}


def test_card(scene: Scene) -> Prepared:
    return {}, {"token": "card_ok"}


def new_plan(scene: Scene) -> Prepared:
    return {}, {"plan_id": scene.new_plan().pk}


def subscription(scene: Scene) -> Prepared:
    return {"pk": scene.new_subscription().pk}, {}


def paused_subscription(scene: Scene) -> Prepared:
    return {"pk": scene.paused_subscription().pk}, {}


def plan(scene: Scene) -> Prepared:
    return {"plan": scene.new_plan().pk}, {}


def coupon(scene: Scene) -> Prepared:
    code = scene.new_coupon().code
    return {"pk": scene.new_subscription().pk}, {"coupon": code, "shown": code}


def larger(scene: Scene) -> Prepared:
    names, wish = larger_plan(scene)
    return {**names, "plan": wish["plan_id"]}, {}


def larger_plan(scene: Scene) -> Prepared:
    subscription = scene.new_subscription()
    larger = subscription.product.plans.by_rank().last()
    return {"pk": subscription.pk}, {"plan_id": larger.pk}


def product(scene: Scene) -> Prepared:
    return {"slug": scene.product.slug}, {}


def product_details(scene: Scene) -> Prepared:
    plan = {
        "name": "Monthly",
        "interval": "month",
        "price": {"amount": 9_900, "currency": "KRW"},
    }
    return {}, {"slug": f"visited-{scene.serial()}", "name": "Visited", "plans": [plan]}


def edited_product(scene: Scene) -> Prepared:
    return {"slug": scene.new_product().slug}, {"name": "Renamed"}


def unneeded_product(scene: Scene) -> Prepared:
    return {"slug": scene.new_product().slug}, {}
