"""The API around posts: what would be taken, campaigns, templates, pictures, seats."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sns.models import Media, Post, Seat
from softfactory.kernel.pictures import PRIVATE
from tests.bookings.answers import ANY_VERSION
from tests.kernel.pictures.drawing import drawn
from tests.sns.makers import make_account, make_post

SNS = "/api/sns"


@pytest.fixture
def as_ana(api, ana):
    return api(ana)


def upload(client, **form):
    file = SimpleUploadedFile("dish.png", drawn(), "image/png")
    return client.post(f"{SNS}/media", {"file": file, **form}, format="multipart")


def test_tells_what_a_network_would_not_take_and_what_was_said(as_ana, ana, account):
    said = make_post(ana, text="kimchi " * 20)
    body = {"text": "Kimchi " * 20, "account_ids": [account.pk], "link": ""}
    told = as_ana.post(f"{SNS}/posts/validate", body).json()
    assert (told["is_valid"], told["duplicates"]) == (True, [said.pk])
    (shown,) = told["accounts"]
    assert (shown["unit"], shown["most"], len(shown["parts"])) == ("characters", 100, 2)
    told = as_ana.post(f"{SNS}/posts/validate", body | {"text": " "}).json()
    assert not told["is_valid"]
    assert [issue["code"] for issue in told["accounts"][0]["issues"]] == ["empty"]
    assert Post.objects.count() == 1


def test_knows_no_accounts_or_pictures_of_others(as_ana, ben, account):
    foreign = make_account(ben)
    for wrong in ({"account_ids": [foreign.pk]}, {"account_ids": [account.pk], "media": [7]}):
        answer = as_ana.post(f"{SNS}/posts/validate", {"text": "Hi"} | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown")


def test_a_campaign_lives_and_its_posts_outlive_it(as_ana, ana, account):
    made = as_ana.post(f"{SNS}/campaigns", {"name": "Spring", "starts_on": "2027-03-01"})
    address = f"{SNS}/campaigns/{made.json()['id']}"
    assert as_ana.post(f"{SNS}/campaigns", {"name": "Spring"}).status_code == 400
    assert as_ana.patch(address, {"ends_on": "2027-02-01"}, headers=ANY_VERSION).status_code == 400
    tag = as_ana.get(address).headers["ETag"]
    renamed = as_ana.patch(address, {"name": "Summer"}, HTTP_IF_MATCH=tag)
    assert renamed.json()["name"] == "Summer"
    assert as_ana.patch(address, {"name": "Autumn"}, HTTP_IF_MATCH=tag).status_code == 412
    body = {"text": "Hi", "account_ids": [account.pk], "campaign_id": made.json()["id"]}
    post = f"{SNS}/posts/{as_ana.post(f'{SNS}/posts', body).json()['id']}"
    before = as_ana.get(post)
    assert as_ana.delete(address).status_code == 204
    after = as_ana.get(post)
    assert (before.json()["campaign_id"], after.json()["campaign_id"]) == (made.json()["id"], None)
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_template_names_only_what_there_is(as_ana):
    body = {"name": "Opening", "text": "{chef.name} is free on {slot.date}"}
    made = as_ana.post(f"{SNS}/templates", body)
    assert made.status_code == 201
    refused = as_ana.post(f"{SNS}/templates", {"name": "No", "text": "{chef.salary}"})
    assert (refused.status_code, refused.json()["code"]) == (422, "placeholder_unknown")
    address = f"{SNS}/templates/{made.json()['id']}"
    changed = as_ana.patch(address, {"text": "Hello"}, headers=ANY_VERSION)
    assert changed.json()["text"] == "Hello"
    assert as_ana.delete(address).status_code == 204


def test_a_picture_is_kept_shown_by_a_post_and_deleted_with_its_file(as_ana, account):
    picture = upload(as_ana, alt="Kimchi")
    assert picture.status_code == 201
    address = f"{SNS}/media/{picture.json()['id']}"
    body = {"text": "Hi", "account_ids": [account.pk], "media": [picture.json()["id"]]}
    post = as_ana.post(f"{SNS}/posts", body).json()
    assert post["media"] == [picture.json()["id"]]
    refused = as_ana.delete(address)
    assert (refused.status_code, refused.json()["code"]) == (409, "picture_in_use")
    described = as_ana.patch(address, {"alt": "Radish"}, headers=ANY_VERSION)
    assert described.json()["alt"] == "Radish"
    as_ana.patch(f"{SNS}/posts/{post['id']}", {"media": []}, headers=ANY_VERSION)
    name = Media.objects.get().name
    assert as_ana.delete(address).status_code == 204
    assert not Media.objects.exists()
    assert PRIVATE.path(name)


def test_what_is_no_picture_is_refused(as_ana):
    file = SimpleUploadedFile("dish.png", b"GIF89a but not really", "image/png")
    answer = as_ana.post(f"{SNS}/media", {"file": file}, format="multipart")
    assert answer.status_code == 422
    assert as_ana.post(f"{SNS}/media", {"alt": "Kimchi"}, format="multipart").status_code == 400
    assert as_ana.post(f"{SNS}/media", {"alt": "Kimchi"}).status_code == 415
    form = {"alt": "Kimchi", "owner_id": "1", "name": "../../etc/passwd"}
    refused = upload(as_ana, **form).json()["errors"]
    assert {error["field"] for error in refused} == {"owner_id", "name"}
    assert not Media.objects.exists()


def test_a_seat_is_given_changed_and_taken_back(api, as_ana, ana, cho):
    seat = as_ana.post(f"{SNS}/seats", {"email": cho.email, "role": "author"})
    assert seat.status_code == 201
    as_ana.post(f"{SNS}/seats", {"email": cho.email, "role": "approver"})
    assert Seat.objects.get().role == "approver"
    address = f"{SNS}/seats/{seat.json()['id']}"
    assert api(cho).delete(address).status_code == 404
    assert as_ana.get(f"{SNS}/seats").json()["results"][0]["email"] == cho.email
    assert as_ana.delete(address).status_code == 204
    assert not Post.objects.visible_to(cho)
