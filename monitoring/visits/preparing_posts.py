"""What each visit to a page of social posts needs before it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from monitoring.visits.preparing import Prepared
from monitoring.visits.scene import Scene


def _written(scene: Scene, **changes: Any) -> dict[str, Any]:
    text = f"Kimchi is ready, for the {scene.serial()}th time"
    zone = {"timezone": "Asia/Seoul", "when": "queue", "do": "schedule"}
    once = {"once": f"visit-{scene.serial()}"}
    return {"text": text, "accounts": [scene.social.account.pk], **zone, **once, **changes}


def post_form(scene: Scene) -> Prepared:
    return {}, _written(scene)


def publication(scene: Scene) -> Prepared:
    return {"pk": scene.social.publication.post_id}, {}


def edited(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_draft().pk}, _written(scene, do="draft")


def draft(scene: Scene) -> Prepared:
    return {"pk": scene.social.draft.pk}, {}


def to_queue(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_draft().pk}, {"do": "queue"}


def comment(scene: Scene) -> Prepared:
    return {"pk": scene.social.draft.pk}, {"text": "Less salt."}


def another_day(scene: Scene) -> Prepared:
    row = scene.social.scheduled()
    day = (row.scheduled_at + row.scheduled_at.resolution).date().replace(day=1)
    return {"pk": row.post_id}, {"day": day.replace(year=day.year + 1).isoformat()}


def failed(scene: Scene) -> Prepared:
    return {"pk": scene.social.failed().pk}, {}


def media(scene: Scene) -> Prepared:
    return {"pk": scene.social.media.pk}, {}


def upload(scene: Scene) -> Prepared:
    file = SimpleUploadedFile("dish.png", scene.social.drawing(), "image/png")
    return {}, {"files": [file]}


def network(scene: Scene) -> Prepared:
    return {"network": "webhook"}, {}


def to_connect(scene: Scene) -> Prepared:
    return {"network": "webhook"}, {"server": f"https://hooks.example/new/{scene.serial()}"}


def account(scene: Scene) -> Prepared:
    return {"pk": scene.social.account.pk}, {}


def new_queue(scene: Scene) -> Prepared:
    wish = {"timezone": "Asia/Seoul", "every_day": "09:00", "day_3": "18:00"}
    return {"pk": scene.social.new_account().pk}, wish


def new_account(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_account().pk}, {}


def campaign_form(scene: Scene) -> Prepared:
    return {}, {"name": f"Autumn {scene.serial()}"}


def campaign(scene: Scene) -> Prepared:
    return {"pk": scene.social.campaign.pk}, {}


def edited_campaign(scene: Scene) -> Prepared:
    name = f"Renamed {scene.serial()}"
    return {"pk": scene.social.new_campaign().pk}, {"name": name}


def template_form(scene: Scene) -> Prepared:
    return {}, {"name": f"Quote {scene.serial()}", "text": "“{review.text}”"}


def template(scene: Scene) -> Prepared:
    return {"pk": scene.social.template.pk}, {}


def edited_template(scene: Scene) -> Prepared:
    name = f"Renamed {scene.serial()}"
    return {"pk": scene.social.new_template().pk}, {"name": name, "text": "Hello"}


def seat_form(scene: Scene) -> Prepared:
    return {}, {"email": scene.visitor.email, "role": "author"}


def seat(scene: Scene) -> Prepared:
    return {"pk": scene.social.new_seat(scene.visitor).pk}, {}


def workspace(scene: Scene) -> Prepared:
    return {}, {"owner": scene.customer.pk}


def spreadsheet(scene: Scene) -> Prepared:
    rows = f"text,accounts\nKimchi {scene.serial()},{scene.social.account.handle}\n"
    file = SimpleUploadedFile("posts.csv", rows.encode(), "text/csv")
    return {}, {"file": file, "timezone": "Asia/Seoul", "once": f"visit-{scene.serial()}"}
