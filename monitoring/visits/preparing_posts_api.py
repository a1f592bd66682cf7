"""What each visit to the API of social posts needs before it."""

from datetime import timedelta

from monitoring.visits.preparing import Prepared
from monitoring.visits.scene import Scene
from sns.services.approving import submit_post
from softfactory.kernel import clock

QUEUE = [{"weekday": day, "at": "18:30"} for day in range(3)]


def _in_a_month() -> str:
    return (clock.now() + timedelta(days=30)).isoformat()


def account(scene: Scene) -> Prepared:
    return {"pk": scene.social.account.pk}, {}


def account_details(scene: Scene) -> Prepared:
    server = f"https://hooks.example/visited/{scene.serial()}"
    return {}, {"network": "webhook", "server": server, "credentials": {}}


def edited_account(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_account().pk}, {"timezone": "UTC", "slots": QUEUE}


def new_account(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_account().pk}, {}


def post(scene: Scene) -> Prepared:
    return {"pk": scene.social.publication.post_id}, {}


def post_details(scene: Scene) -> Prepared:
    account_ids = [scene.social.account.pk]
    return {}, {"text": f"More kimchi, {scene.serial()}", "account_ids": account_ids}


def draft(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_draft().pk}, {}


def edited_post(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_draft().pk}, {"text": f"Better kimchi, {scene.serial()}"}


def post_and_time(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_draft().pk}, {"scheduled_at": _in_a_month()}


def in_review(scene: Scene) -> Prepared:
    draft = scene.social.new_draft()
    submit_post(user=scene.customer, post=draft, now=clock.now())
    return {"pk": draft.pk}, {}


def scheduled(scene: Scene) -> Prepared:
    return {"pk": scene.social.scheduled().post_id}, {}


def failed(scene: Scene) -> Prepared:
    return {"pk": scene.social.failed().post_id}, {}


def comment(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_draft().pk}, {"text": "Which kimchi?"}


def what_is_written(scene: Scene) -> Prepared:
    return {}, {"text": "Kimchi tonight!", "account_ids": [scene.social.account.pk]}


def described_media(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_media().pk}, {"alt": f"Kimchi, {scene.serial()}"}


def new_media(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_media().pk}, {}
