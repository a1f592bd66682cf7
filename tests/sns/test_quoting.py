"""A post quotes a review for as long as its author lets it: offered, filled in, scheduled, sent."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from bookings.models import Review
from bookings.services.reviews import let_quote
from sns.models import Attempt, Post, Publication
from sns.services import outcomes
from sns.services.planning import create_template
from sns.services.publishing import publish_due
from sns.services.repeating import repeat_posts
from sns.services.scheduling import cancel_post, retry_post, schedule_post
from sns.services.writing import edit_post, write_post
from sns.tasks import tell_of_ended_post
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, InvalidRequest
from tests.makers import make_booking, make_chef, make_review, noon_utc
from tests.sns.makers import make_post
from tests.sns.peer import at

pytestmark = pytest.mark.django_db

NOW = at("2027-03-01T09:00")
WORDS = "The pancakes were worth the wait."
State = Publication.State


@pytest.fixture
def review(ana, cho):
    """What Cho said of Ana's chef, and lets her quote."""
    return said(make_chef(owner=ana), cho)


def said(chef, guest, **overrides):
    visit = make_booking(chef, guest, starts_at=noon_utc(-7), status="completed")
    return make_review(booking=visit, text=WORDS, **{"may_be_quoted": True} | overrides)


def take_back(review):
    let_quote(booking=review.booking, by=review.booking.customer, may_be_quoted=False)


@pytest.fixture
def post(ana, account, review):
    """Ana's post that quotes it, scheduled."""
    post = write_post(
        user=ana, owner=ana, now=NOW, text=f"“{WORDS}”", accounts=[account.pk], review=review
    )
    return schedule_post(user=ana, post=post, at=NOW, now=NOW)


def why(refused):
    return [(error["field"], error["code"]) for error in refused.value.errors]


def only():
    return Publication.objects.get()


def test_what_may_be_quoted_is_sent(peer, post):
    assert publish_due(NOW) == 1
    assert (only().state, post.is_quote) == (State.PUBLISHED, True)


@pytest.fixture
def told(monkeypatch):
    """The tasks that tell owners how their posts ended."""
    told = []
    monkeypatch.setattr(outcomes, "nudge", lambda key, pk: told.append((key, pk)))
    return told


def test_what_was_taken_back_is_not_sent_and_the_owner_reads_why(peer, ana, post, review, told):
    take_back(review)

    assert publish_due(NOW) == 0

    assert peer.calls == []
    assert (only().state, only().reason_code) == (State.CANCELLED, "quote_withdrawn")
    assert Post.objects.get().state == Post.State.CANCELLED
    assert not Attempt.objects.exists()
    assert told == [("sns.post_ended", post.pk)]
    tell_of_ended_post(post.pk)
    [letter] = mail.outbox
    assert letter.to == [ana.email]
    assert "does not let their review be quoted any more" in letter.body


def test_a_review_that_is_gone_is_not_quoted(peer, post, review):
    review.booking.review.delete()

    assert publish_due(NOW) == 0
    assert (only().reason_code, peer.calls) == ("quote_withdrawn", [])


def test_a_review_that_nobody_reads_any_more_is_not_quoted(peer, post, review):
    Review.objects.update(published_at=None, due_at=NOW)

    assert publish_due(NOW) == 0
    assert (only().reason_code, peer.calls) == ("quote_withdrawn", [])


def test_what_was_turned_away_is_looked_at_again_before_it_is_sent_again(peer, post, review):
    Publication.objects.update(tries=1)
    take_back(review)

    assert publish_due(NOW) == 0
    assert only().state == State.CANCELLED


def test_consent_that_is_given_again_lets_it_be_scheduled_again(peer, ana, post, review):
    take_back(review)
    publish_due(NOW)
    with pytest.raises(Conflict) as refused:
        schedule_post(user=ana, post=post, at=NOW, now=NOW)
    assert refused.value.code == "quote_withdrawn"

    let_quote(booking=review.booking, by=review.booking.customer, may_be_quoted=True)
    schedule_post(user=ana, post=post, at=NOW, now=NOW)

    assert publish_due(NOW) == 1


def test_neither_moved_nor_tried_again(ana, post, review):
    take_back(review)
    Publication.objects.update(state=State.FAILED, due_at=None)
    for again in (
        lambda: schedule_post(user=ana, post=post, at=NOW, now=NOW),
        lambda: retry_post(user=ana, post=post, now=NOW),
    ):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.code == "quote_withdrawn"


def test_what_one_cancels_oneself_is_told_nobody(ana, post, told):
    cancel_post(user=ana, post=post, now=NOW)

    assert told == []


@pytest.mark.parametrize("change", [{"may_be_quoted": False}, {"published_at": None}])
def test_what_may_not_be_quoted_is_not_written(ana, review, change):
    waits = {"due_at": NOW} if "published_at" in change else {}
    Review.objects.update(**change, **waits)

    with pytest.raises(InvalidRequest) as refused:
        write_post(user=ana, owner=ana, now=NOW, text="x", review=Review.objects.get())
    assert why(refused) == [("review_id", "not_quotable")]


def test_by_the_api(api, ana, review):
    written = api(ana).post("/api/sns/posts", {"text": "x", "review_id": review.pk})
    assert written.json()["review_id"] == review.pk
    take_back(review)

    refused = api(ana).post("/api/sns/posts", {"text": "x", "review_id": review.pk})

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "not_quotable"


def test_a_review_of_somebody_elses_chef(ana, ben, chef, cho):
    with pytest.raises(InvalidRequest) as refused:
        write_post(user=ana, owner=ana, now=NOW, text="x", review=said(chef, cho))
    assert why(refused) == [("review_id", "unknown")]


def test_whose_words_stand_in_it_still_quotes(ana, post, review):
    change = {"user": ana, "post": post, "versions": None, "now": NOW, "review": None}
    with pytest.raises(InvalidRequest) as refused:
        edit_post(**change, text=f"They said: {WORDS.upper()}")
    assert why(refused) == [("review_id", "still_quoted")]

    edited = edit_post(**change, text="Come and see.")

    assert (edited.review, edited.is_quote) == (None, False)


def test_what_is_typed_is_not_lost_by_what_the_guest_did(ana, post, review):
    take_back(review)

    edited = edit_post(
        user=ana, post=post, versions=None, now=NOW, text="Better", review=Review.objects.get()
    )

    assert (edited.text, edited.review_id) == ("Better", review.pk)


def test_what_repeats_quotes_until_it_is_taken_back(ana, account, review):
    rule = {"weeks": 1, "weekdays": [0], "at": "09:00", "since": "2027-03-01"}
    post = write_post(
        user=ana,
        owner=ana,
        now=NOW,
        text=WORDS,
        accounts=[account.pk],
        review=review,
        recurrence=rule,
    )
    schedule_post(user=ana, post=post, at=NOW, now=NOW)

    assert repeat_posts(NOW) == 1
    following = Post.objects.get(repetition_of=post)
    assert (following.review_id, following.is_quote) == (review.pk, True)

    take_back(review)
    assert repeat_posts(following.scheduled_at) == 0
    assert Post.objects.filter(repeats_at__isnull=False).count() == 0


def test_the_database_holds_that_a_post_with_a_review_quotes(ana, review):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(ana, review=review)


def test_templates_are_offered_what_may_be_quoted_alone(browse, ana, cho, review):
    chef = review.chef
    said(chef, cho, may_be_quoted=False, author_name="Silent")
    template = create_template(
        user=ana, owner=ana, now=clock.now(), name="Q", text="“{review.text}”, {review.author}"
    )
    wish = {"template": template.pk, "review": review.pk}

    page = browse(ana).get("/social/posts/new", wish)
    form = page.context["form"]
    assert "Silent" not in page.text
    assert form["text"].value() == f"“{WORDS}”, Ana"
    assert (form["review"].value(), form["is_quote"].value()) == (review.pk, True)

    take_back(review)
    page = browse(ana).get("/social/posts/new", wish)
    assert WORDS not in page.text


def test_the_composer_keeps_what_it_quotes(browse, ana, account, review):
    sent = {
        "text": f"“{WORDS}”",
        "accounts": [account.pk],
        "when": "now",
        "timezone": "Asia/Seoul",
        "do": "draft",
        "review": review.pk,
        "is_quote": "on",
    }
    saved = browse(ana).post("/social/posts/new", sent)
    post = Post.objects.get()
    assert post.review == review
    assert "Quotes what Ana said." in browse(ana).get(saved.url).text

    take_back(review)
    assert "so that it won't go out" in browse(ana).get(saved.url).text
    edit = f"/social/posts/{post.pk}/edit"
    assert "Take their words out" in browse(ana).get(edit).text
    refused = browse(ana).post(edit, sent | {"do": "schedule"})
    assert refused.status_code == 400
    assert "does not let their review be quoted any more" in refused.text
    del sent["is_quote"]
    assert "words stand in the text still" in browse(ana).post(edit, sent).text
    assert browse(ana).post(edit, sent | {"text": "Come and see."}).status_code == 302
    assert not Post.objects.get().is_quote
