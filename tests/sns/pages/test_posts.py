"""A post's page: the log one can trust, what is next, and what a team says of it."""

from datetime import timedelta

import pytest

from sns.models import Attempt, Post, Publication, Seat
from softfactory.kernel import clock
from tests.sns.makers import make_account, make_attempt, make_post, make_publication

pytestmark = pytest.mark.django_db

State, Single = Post.State, Publication.State


@pytest.fixture
def account(ana):
    return make_account(ana, slots=[{"weekday": day, "at": "09:00"} for day in range(7)])


@pytest.fixture
def browser(browse, ana):
    return browse(ana)


def decide(browser, post, wish):
    return browser.post(f"/social/posts/{post.pk}/decide", {"do": wish})


def test_every_attempt_is_in_the_log(browser, account):
    failed = {"state": Single.FAILED, "due_at": None, "reason": "Too many requests"}
    publication = make_publication(account, **failed)
    make_attempt(
        publication, outcome=Attempt.Outcome.LATER, answer="Slow down <b>", request_id="r-1"
    )
    make_attempt(publication, number=2, duration_ms=345)

    page = browser.get(f"/social/posts/{publication.post_id}").content.decode()

    assert "Sent: Later" in page
    assert "Slow down &lt;b&gt;" in page
    assert "r-1" in page
    assert "345 ms" in page
    assert "Too many requests" in page
    assert "Try again" in page


def test_what_was_published_leads_there(browser, account):
    done = {
        "state": Single.PUBLISHED,
        "due_at": None,
        "published_at": clock.now(),
        "remote_id": "1",
        "url": "https://social.example/1",
        "content": {"texts": ["Kimchi!"]},
        "likes": 4,
        "replies": 1,
        "reposts": 0,
    }
    publication = make_publication(account, **done)

    page = browser.get(f"/social/posts/{publication.post_id}").content.decode()

    assert 'href="https://social.example/1"' in page
    assert "4 likes, 1 replies" in page


def test_a_failed_account_is_tried_again_alone(browser, ana, account):
    failed = {"state": Single.FAILED, "due_at": None}
    publication = make_publication(account, **failed)
    Post.objects.filter(pk=publication.post_id).update(state=State.FAILED)

    answer = browser.post(f"/social/publications/{publication.pk}/retry")

    assert answer.status_code == 302
    publication.refresh_from_db()
    assert publication.state == Single.SCHEDULED


def test_a_draft_goes_out_by_the_queue_or_at_once(browser, ana, account):
    for wish in ("queue", "now"):
        post = make_post(ana, accounts=[account])
        assert decide(browser, post, wish).status_code == 302
        post.refresh_from_db()
        assert post.state == State.SCHEDULED


def test_what_is_scheduled_is_cancelled_and_a_draft_deleted(browser, ana, account):
    post = make_post(ana, accounts=[account])
    decide(browser, post, "queue")

    decide(browser, post, "cancel")

    post.refresh_from_db()
    assert post.state == State.CANCELLED
    assert decide(browser, post, "delete").url == "/social/"
    assert not Post.objects.exists()


def test_a_refusal_is_said_in_words(browser, ana):
    answer = decide(browser, make_post(ana), "queue")

    assert answer.status_code == 422
    assert "Choose an account for it to go out on" in answer.content.decode()


@pytest.mark.parametrize("wish", ["", "explode"])
def test_a_wish_that_there_is_not(browser, ana, wish):
    assert decide(browser, make_post(ana), wish).status_code == 404


@pytest.fixture
def team(ana, ben, cho):
    """Ben approves Ana's posts, Cho writes them."""
    Seat.objects.create(owner=ana, user=ben, role=Seat.Role.APPROVER)
    Seat.objects.create(owner=ana, user=cho, role=Seat.Role.AUTHOR)


def working_for(browse, user, owner):
    browser = browse(user)
    browser.post("/social/workspace", {"owner": owner.pk})
    return browser


def test_an_author_submits_and_an_approver_lets_out(browse, ana, ben, cho, team, account):
    writes, approves = working_for(browse, cho, ana), working_for(browse, ben, ana)
    post = make_post(ana, accounts=[account], author=cho)

    assert decide(writes, post, "queue").status_code == 409
    decide(writes, post, "review")
    assert decide(writes, post, "approve").status_code == 403
    decide(approves, post, "approve")
    decide(writes, post, "queue")

    post.refresh_from_db()
    assert (post.state, post.approved_by) == (State.SCHEDULED, ben)


def test_an_approver_says_what_to_change(browse, ana, ben, team, account):
    approves = working_for(browse, ben, ana)
    post = make_post(ana, accounts=[account], state=State.IN_REVIEW)

    assert 'name="return"' in approves.get(f"/social/posts/{post.pk}").content.decode()

    said = {"text": "Less salt.", "return": "1"}
    answer = approves.post(f"/social/posts/{post.pk}/comment", said)

    post.refresh_from_db()
    assert (answer.status_code, post.state) == (302, State.DRAFT)
    assert "Less salt." in approves.get(f"/social/posts/{post.pk}").content.decode()


def test_without_a_seat_there_is_nothing(browse, ana, cho, account):
    post = make_post(ana, accounts=[account])
    stranger = browse(cho)

    assert stranger.post("/social/workspace", {"owner": ana.pk}).status_code == 404
    assert stranger.get(f"/social/posts/{post.pk}").status_code == 404
    assert decide(stranger, post, "now").status_code == 404


def test_a_seat_that_was_taken_back_opens_nothing(browse, ana, cho, team, account):
    writes = working_for(browse, cho, ana)
    post = make_post(ana, accounts=[account])
    assert writes.get(f"/social/posts/{post.pk}").status_code == 200

    browse(ana).post(f"/social/team/{Seat.objects.get(user=cho).pk}/end")

    assert writes.get(f"/social/posts/{post.pk}").status_code == 404


def test_the_queue_shows_what_is_where(browser, ana, account):
    soon = clock.now() + timedelta(days=1)
    make_publication(account, scheduled_at=soon)
    make_post(ana, text="A draft of mine")
    make_post(ana, text="Look at this", state=State.IN_REVIEW)
    account.broken_reason, account.broken_at = "The password was changed.", clock.now()
    account.save()

    page = browser.get("/social/").content.decode()

    for text in ("Kimchi!", "A draft of mine", "Look at this", "The password was changed."):
        assert text in page


def test_an_empty_queue_says_what_to_do_first(browser):
    page = browser.get("/social/").content.decode()

    assert "Nothing is planned yet" in page
    assert "Connect an account" in page
