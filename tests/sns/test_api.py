"""The API of posts: from an account to what became of a post on it, and what it refuses."""

import pytest

from bookings.models import Review
from sns.models import Post, Publication, SocialAccount
from sns.services.publishing import publish_due
from softfactory.kernel import clock
from softfactory.kernel.webhooks import is_secret
from tests.bookings.answers import ANY_VERSION
from tests.makers import make_chef, make_review
from tests.sns.makers import make_post, make_publication
from tests.sns.peer import unheard

POSTS = "/api/sns/posts"
ACCOUNTS = "/api/sns/accounts"
WEBHOOK = {"network": "webhook", "server": "https://hooks.example/in", "credentials": {}}


@pytest.fixture
def as_ana(api, ana):
    return api(ana)


def test_a_post_from_its_account_to_its_attempts(as_ana, peer, account):
    body = {"text": "Kimchi!", "account_ids": [account.pk]}
    created = as_ana.post(POSTS, body)
    assert created.status_code == 201
    post = created.json()
    assert (post["state"], post["account_ids"]) == ("draft", [account.pk])
    peer.then = [unheard]
    published = as_ana.post(f"{POSTS}/{post['id']}/publish")
    assert published.json()["state"] == "scheduled"
    assert published.headers["ETag"] != created.headers["ETag"]
    publish_due(clock.now())
    (publication,) = as_ana.get(f"{POSTS}/{post['id']}/publications").json()["results"]
    assert publication["state"] == "published"
    assert publication["url"].startswith("https://peer.example/")
    assert [(row["kind"], row["outcome"]) for row in publication["attempts"]] == [
        ("send", "unsure"),
        ("find", "done"),
    ]
    assert publication["attempts"][1]["request_id"] == "req-1"
    assert as_ana.get(f"{POSTS}/{post['id']}").json()["state"] == "published"


def test_secrets_come_in_and_never_go_out(as_ana):
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    created = as_ana.post(ACCOUNTS, WEBHOOK | {"credentials": {"secret": secret}})
    assert created.status_code == 201
    shown = as_ana.get(f"{ACCOUNTS}/{created.json()['id']}")
    for answer in (created, shown, as_ana.get(ACCOUNTS)):
        assert secret not in answer.content.decode()
        assert "secret" not in answer.content.decode()


def test_a_secret_that_was_not_sent_is_shown_this_once(as_ana):
    created = as_ana.post(ACCOUNTS, WEBHOOK)
    assert created.status_code == 201
    secret = created.json()["credentials"]["secret"]
    account = SocialAccount.objects.get()
    assert (is_secret(secret), account.secrets) == (True, {"secret": secret})
    shown = as_ana.get(f"{ACCOUNTS}/{account.pk}")
    for answer in (shown, as_ana.get(ACCOUNTS)):
        assert "credentials" not in answer.content.decode()
        assert secret not in answer.content.decode()


def test_an_answer_with_a_secret_is_not_kept(as_ana):
    refused = as_ana.post(ACCOUNTS, WEBHOOK, HTTP_IDEMPOTENCY_KEY="connect-1")
    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_refused")
    assert not SocialAccount.objects.exists()


def test_connecting_twice_under_one_key_is_once(as_ana):
    keyed = {"HTTP_IDEMPOTENCY_KEY": "connect-1"}
    body = WEBHOOK | {"credentials": {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}
    first, second = (as_ana.post(ACCOUNTS, body, **keyed) for _time in range(2))
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert SocialAccount.objects.count() == 1


def test_says_why_a_network_lets_nobody_in(as_ana):
    refused = as_ana.post(ACCOUNTS, WEBHOOK | {"server": "https://10.0.0.1/in"})
    assert (refused.status_code, refused.json()["code"]) == (422, "connect_refused")


def test_a_post_that_cannot_be_scheduled_is_not_written_either(as_ana, account):
    body = {"text": "Kimchi!", "account_ids": [account.pk], "scheduled_at": "2020-01-01T00:00Z"}
    assert as_ana.post(POSTS, body).json()["code"] == "in_the_past"
    assert not Post.objects.exists()


def test_publishing_twice_is_publishing_once(as_ana, peer, account, ana):
    post = make_post(ana, accounts=[account])
    answers = [as_ana.post(f"{POSTS}/{post.pk}/publish", HTTP_IDEMPOTENCY_KEY="k") for _ in "12"]
    assert answers[0].content == answers[1].content
    publish_due(clock.now())
    again = as_ana.post(f"{POSTS}/{post.pk}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "post_over")
    assert len(peer.posts) == 1


def test_an_edit_needs_the_version_that_was_read(as_ana, ana, account):
    post = make_post(ana, accounts=[account])
    address = f"{POSTS}/{post.pk}"
    tag = as_ana.get(address).headers["ETag"]
    assert as_ana.patch(address, {"text": "One"}).status_code == 428
    edited = as_ana.patch(address, {"text": "One"}, HTTP_IF_MATCH=tag)
    assert (edited.status_code, edited.json()["text"]) == (200, "One")
    assert as_ana.patch(address, {"text": "Two"}, HTTP_IF_MATCH=tag).status_code == 412
    variants = [{"account_id": account.pk, "text": "Here one"}]
    edited = as_ana.patch(address, {"variants": variants}, headers=ANY_VERSION)
    assert edited.json()["variants"] == variants


@pytest.mark.parametrize(
    "body",
    [
        {"state": "published"},
        {"workspace_id": 10**9},
        {"account_ids": [10**9]},
        {"variants": {"1": "No"}},
        {"media": [10**9]},
        {"campaign_id": 10**9},
        {"review_id": 10**9},
        {"link": "javascript:alert(1)"},
        {"utm": {"colour": "red"}},
        {"recurrence": {"weeks": 0}},
        {"slot": {"chef_id": 10**9, "starts_at": "2027-01-01T00:00Z"}},
        {"timezone": "Mars/Olympus"},
        {"late_minutes": 0},
    ],
    ids=str,
)
def test_refuses_what_makes_no_sense(as_ana, body):
    answer = as_ana.post(POSTS, {"text": "Kimchi!"} | body)
    assert answer.status_code in (400, 404)
    assert not Post.objects.exists()


def test_a_review_that_waits_for_the_other_side_is_not_there(as_ana, ana):
    review = make_review(make_chef(ana), may_be_quoted=True)
    post = {"text": "Kimchi!", "review_id": review.pk}
    assert as_ana.post(POSTS, post).status_code == 201
    Review.objects.update(published_at=None, due_at=clock.now())

    assert as_ana.post(POSTS, post).status_code == 400


def test_the_list_is_narrowed_by_state(as_ana, ana, account):
    make_post(ana, accounts=[account])
    scheduled = make_publication(account).post
    rows = as_ana.get(f"{POSTS}?state=scheduled").json()["results"]
    assert [row["id"] for row in rows] == [scheduled.pk]
    assert as_ana.get(f"{POSTS}?state=lost").status_code == 400


def test_disconnecting_cancels_what_waits(as_ana, account):
    make_publication(account)
    assert as_ana.delete(f"{ACCOUNTS}/{account.pk}").status_code == 204
    assert as_ana.get(f"{ACCOUNTS}/{account.pk}").status_code == 404
    assert Publication.objects.get().state == "cancelled"


def test_a_team_sees_the_posts_and_only_the_owner_disconnects(api, ana, cho, account):
    from sns.services.teams import give_seat

    post = make_post(ana, accounts=[account])
    give_seat(owner=ana, email=cho.email, role="author", now=clock.now())
    as_cho = api(cho)
    assert [row["id"] for row in as_cho.get(POSTS).json()["results"]] == [post.pk]
    written = as_cho.post(
        POSTS, {"workspace_id": ana.pk, "text": "Hi", "account_ids": [account.pk]}
    )
    assert (written.json()["owner_id"], written.json()["author_id"]) == (ana.pk, cho.pk)
    refused = as_cho.post(f"{POSTS}/{post.pk}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_approver")
    refused = as_cho.delete(f"{ACCOUNTS}/{account.pk}")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_owner")
    as_cho.post(f"{POSTS}/{post.pk}/comments", {"text": "Which kimchi?"})
    assert api(ana).get(f"{POSTS}/{post.pk}/comments").json()["results"][0]["author_id"] == cho.pk
