"""Scheduling: at a time, in the queue, now; moved, cancelled, tried again; what repeats."""

from datetime import timedelta
from functools import partial

import pytest

from sns.models import Post, Publication
from sns.networks.protocol import NetworkRefused
from sns.services import claiming
from sns.services.publishing import publish_due
from sns.services.repeating import repeat_posts
from sns.services.scheduling import (
    cancel_post,
    publish_now,
    queue_post,
    retry_post,
    schedule_post,
)
from sns.services.writing import edit_post, write_post
from softfactory.kernel.problems import DomainError
from tests.sns.makers import make_account, make_post
from tests.sns.peer import at

State = Publication.State
NOW = at("2027-03-01T09:00")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def post(ana, account):
    return make_post(ana, accounts=[account])


def code_of(call):
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.code


def times():
    return list(Publication.objects.order_by("scheduled_at").values_list("scheduled_at", flat=True))


def test_a_scheduled_post_has_a_publication_for_each_account(ana, account, peer):
    other = make_account(ana, network="peer", server="https://other.example")
    post = make_post(ana, accounts=[account, other])
    post = schedule_post(user=ana, post=post, at=LATER, now=NOW)
    assert post.state == Post.State.SCHEDULED
    assert times() == [LATER, LATER]
    assert Publication.objects.first().late_at == LATER + timedelta(hours=4)


@pytest.mark.parametrize(
    ("time", "code"),
    [(NOW - timedelta(minutes=2), "in_the_past"), (NOW + timedelta(days=800), "too_far")],
)
def test_refuses_times_that_make_no_sense(ana, post, time, code):
    assert code_of(lambda: schedule_post(user=ana, post=post, at=time, now=NOW)) == code


def test_refuses_a_post_that_says_nothing_or_goes_nowhere(ana, account):
    nowhere, empty = make_post(ana), make_post(ana, accounts=[account], text=" ")
    refused = [
        code_of(lambda post=post: publish_now(user=ana, post=post, now=NOW))
        for post in (nowhere, empty)
    ]
    assert refused == ["no_accounts", "empty"]


def test_refuses_an_account_that_does_not_work(ana, post, account):
    type(account).objects.update(broken_reason="Revoked.", broken_at=NOW)
    assert code_of(lambda: publish_now(user=ana, post=post, now=NOW)) == "account_broken"


def test_is_moved_until_something_was_sent(ana, post, peer):
    schedule_post(user=ana, post=post, at=LATER, now=NOW)
    schedule_post(user=ana, post=post, at=LATER + timedelta(hours=1), now=NOW)
    assert times() == [LATER + timedelta(hours=1)]
    row = Publication.objects.get()
    assert claiming.claim(row, now=LATER + timedelta(hours=1))
    move = partial(schedule_post, user=ana, post=post, at=LATER + timedelta(hours=2), now=NOW)
    assert code_of(move) == "being_sent"


def test_the_queue_gives_the_next_free_time_in_the_accounts_zone(ana, account):
    account.slots = [{"weekday": 0, "at": "19:00"}, {"weekday": 2, "at": "09:00"}]
    account.save()
    for _number in range(3):
        queue_post(user=ana, post=make_post(ana, accounts=[account]), now=NOW)
    # 1 March 2027 is a Monday, and Seoul is nine hours ahead.
    assert times() == [at("2027-03-01T10:00"), at("2027-03-03T00:00"), at("2027-03-08T10:00")]
    account.slots = []
    account.save()
    refused = code_of(
        lambda: queue_post(user=ana, post=make_post(ana, accounts=[account]), now=NOW)
    )
    assert refused == "no_queue"


def test_what_is_cancelled_is_not_sent_and_may_be_scheduled_again(ana, post, peer):
    schedule_post(user=ana, post=post, at=LATER, now=NOW)
    assert cancel_post(user=ana, post=post, now=NOW).state == Post.State.CANCELLED
    publish_due(LATER)
    assert peer.calls == []
    assert code_of(lambda: cancel_post(user=ana, post=post, now=NOW)) == "post_over"
    schedule_post(user=ana, post=post, at=LATER, now=NOW)
    publish_due(LATER)
    assert Publication.objects.get().state == State.PUBLISHED
    assert code_of(lambda: schedule_post(user=ana, post=post, at=LATER, now=NOW)) == "post_over"


def test_what_failed_is_tried_again_with_what_it_says_now(ana, post, peer):
    peer.then = [NetworkRefused("content", "No kimchi here.")]
    schedule_post(user=ana, post=post, at=NOW, now=NOW)
    assert code_of(lambda: retry_post(user=ana, post=post, now=NOW)) == "nothing_to_retry"
    publish_due(NOW)
    edit_post(user=ana, post=post, versions=None, now=NOW, text="Bibimbap!")
    retry_post(user=ana, post=post, now=LATER)
    publish_due(LATER)
    assert peer.texts == ["Bibimbap!"]
    assert Post.objects.get().state == Post.State.PUBLISHED
    assert Publication.objects.get().attempts.count() == 2


def test_repeats_by_the_local_clock_whatever_clocks_do(ana, account, peer):
    rule = {"weeks": 1, "weekdays": [6], "at": "09:00", "since": "2027-03-07", "until": None}
    post = write_post(
        user=ana,
        owner=ana,
        now=NOW,
        accounts=[account.pk],
        text="Sunday roast!",
        timezone="Europe/Berlin",
        recurrence=rule,
    )
    schedule_post(user=ana, post=post, at=at("2027-03-14T08:00"), now=NOW)
    # Clocks go forward on 28 March: nine o'clock is seven in UTC from then on.
    for now in ("2027-03-14T08:00", "2027-03-21T08:00", "2027-03-28T07:00"):
        assert repeat_posts(at(now)) == 1
        assert repeat_posts(at(now)) == 0
    assert times() == [
        at("2027-03-14T08:00"),
        at("2027-03-21T08:00"),
        at("2027-03-28T07:00"),
        at("2027-04-04T07:00"),
    ]
    publish_due(at("2027-03-14T08:00"))
    assert peer.texts == ["Sunday roast!"]


def test_what_was_due_while_nobody_ran_is_not_made_up_for(ana, account):
    rule = {
        "weeks": 1,
        "weekdays": [6],
        "at": "09:00",
        "since": "2027-03-07",
        "until": "2027-06-01",
    }
    post = make_post(ana, accounts=[account], timezone="UTC", recurrence=rule)
    schedule_post(user=ana, post=post, at=at("2027-03-14T09:00"), now=NOW)
    assert repeat_posts(at("2027-05-01T00:00")) == 1
    assert times()[1:] == [at("2027-05-02T09:00")]
    assert repeat_posts(at("2027-05-30T10:00")) == 0  # the rule's last day comes before the next
    assert len(times()) == 2


def test_a_cancelled_post_repeats_no_more(ana, account):
    rule = {"weeks": 1, "weekdays": [6], "at": "09:00", "since": "2027-03-07", "until": None}
    post = make_post(ana, accounts=[account], timezone="UTC", recurrence=rule)
    schedule_post(user=ana, post=post, at=at("2027-03-14T09:00"), now=NOW)
    cancel_post(user=ana, post=post, now=NOW)
    assert repeat_posts(at("2027-03-15T00:00")) == 0
