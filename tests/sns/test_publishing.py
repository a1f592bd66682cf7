"""Publishing: what is due is sent once, and what comes of it is written down."""

from datetime import timedelta

import pytest
from django.core import mail

from sns.models import Attempt, Post, Publication, SocialAccount
from sns.networks.protocol import NetworkLater, NetworkRefused, NetworkUnsure
from sns.services import claiming, sending, settling
from sns.services.accounts import disconnect_account
from sns.services.publishing import publish_due
from sns.services.scheduling import schedule_post
from softfactory.kernel import clock
from softfactory.kernel.registry import invariants
from subscriptions.services.entitlements import allows
from tests.makers import make_feature
from tests.sns.makers import make_account, make_post, make_publication
from tests.sns.peer import at, unheard

State = Publication.State
NOW = at("2027-03-01T09:00")


@pytest.fixture
def post(ana, account):
    post = make_post(ana, accounts=[account])
    return schedule_post(user=ana, post=post, at=NOW, now=NOW)


def only():
    return Publication.objects.get()


def attempts():
    return list(Attempt.objects.order_by("number").values_list("kind", "outcome"))


@pytest.fixture(autouse=True)
def _all_is_well(db):
    yield
    assert {key: count() for key, count in invariants.items() if key.startswith("sns.")} == {
        "sns.strange_publications": 0,
        "sns.unproven_publications": 0,
        "sns.wrong_posts": 0,
    }


def test_sends_what_is_due_and_says_where_it_is(peer, post):
    assert publish_due(NOW - timedelta(seconds=1)) == 0
    assert peer.calls == []
    assert publish_due(NOW) == 1
    row = only()
    assert (row.state, row.url) == (State.PUBLISHED, f"https://peer.example/{row.key}")
    assert peer.keys == [row.key]
    assert Post.objects.get().state == Post.State.PUBLISHED
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.status, attempt.request_id) == ("done", 200, "req-1")
    assert publish_due(NOW + timedelta(days=1)) == 0
    assert peer.calls == ["publish"]


def test_a_refusal_fails_at_once_with_the_networks_words_and_tells_the_owner(peer, post, ana):
    peer.then = [NetworkRefused("content", "No kimchi here.")]
    assert publish_due(NOW) == 0
    assert (only().state, only().reason) == (State.FAILED, "No kimchi here.")
    assert only().account.works
    from sns.tasks import tell_of_ended_post

    tell_of_ended_post(post.pk)
    assert "No kimchi here." in mail.outbox[0].body
    assert mail.outbox[0].to == [ana.email]


def test_an_account_that_lets_nobody_in_is_broken_and_what_is_due_there_waits(peer, post, ana):
    other = make_post(ana, accounts=[only().account], text="More kimchi!")
    schedule_post(user=ana, post=other, at=NOW + timedelta(minutes=5), now=NOW)
    peer.then = [NetworkRefused("signed_out", "Token revoked.", account_broken=True)]
    publish_due(NOW)
    account = SocialAccount.objects.get()
    assert account.broken_reason == "Token revoked."
    publish_due(NOW + timedelta(minutes=5))
    waiting = Publication.objects.get(post=other)
    assert (waiting.state, waiting.tries) == (State.SCHEDULED, 0)
    SocialAccount.objects.update(broken_reason="", broken_at=None)
    publish_due(NOW + timedelta(minutes=6))
    assert Publication.objects.get(post=other).state == State.PUBLISHED


def test_waits_to_the_second_as_long_as_the_network_asks_on_the_whole_account(peer, post, ana):
    other = make_post(ana, accounts=[only().account], text="More kimchi!")
    schedule_post(user=ana, post=other, at=NOW + timedelta(seconds=10), now=NOW)
    until = NOW + timedelta(seconds=77)
    peer.then = [NetworkLater("Slow down.", retry_at=until)]
    publish_due(NOW)
    assert Publication.objects.get(post=post).due_at == until
    publish_due(until - timedelta(seconds=1))
    assert peer.calls == ["publish"]
    publish_due(until)
    assert peer.calls == ["publish"] * 3
    assert not Publication.objects.exclude(state=State.PUBLISHED)


def test_pauses_double_with_a_bit_of_chance_and_end(peer, post):
    peer.then = [NetworkLater("Busy.") for _ in range(settling.MOST_TRIES)]
    now = NOW
    for tries in range(1, settling.MOST_TRIES):
        publish_due(now)
        wait = only().due_at - now
        usual = min(settling.FIRST_WAIT * 2 ** (tries - 1), settling.LONGEST_WAIT)
        assert 0.75 * usual <= wait <= 1.25 * usual + timedelta(seconds=1)
        now = only().due_at
    publish_due(now)
    assert (only().state, only().reason, only().reason_code) == ("failed", "Busy.", "given_up")


@pytest.mark.parametrize("honours_keys", [True, False], ids=["keys", "no keys"])
def test_what_may_have_arrived_is_looked_for_before_anything_is_sent(peer, post, honours_keys):
    peer.honours_keys = honours_keys
    peer.then = [unheard]
    assert publish_due(NOW) == (1 if honours_keys else 0)  # asked at once, or once all is quiet
    if not honours_keys:
        assert only().state == State.UNCONFIRMED
        publish_due(NOW + claiming.QUIET - timedelta(seconds=1))
        assert peer.calls == ["publish"]
        publish_due(NOW + claiming.QUIET + timedelta(seconds=1))
    assert only().state == State.PUBLISHED
    assert peer.calls == ["publish", "find"]
    assert len(peer.posts) == 1
    assert attempts() == [("send", "unsure"), ("find", "done")]


def test_what_did_not_arrive_is_sent_again_under_its_key(peer, post):
    peer.then = [NetworkUnsure("It broke off.")]
    publish_due(NOW)
    assert peer.calls == ["publish", "find", "publish"]
    assert peer.keys == [only().key]
    assert attempts() == [("send", "unsure"), ("find", "absent"), ("send", "done")]


def test_a_network_that_cannot_be_asked_is_asked_later_and_nothing_is_sent(peer, post):
    peer.then = [unheard, NetworkLater("Down.")]
    publish_due(NOW)
    assert (only().state, peer.calls) == (State.UNCONFIRMED, ["publish", "find"])
    publish_due(only().due_at)
    assert peer.calls == ["publish", "find", "find"]
    assert only().state == State.PUBLISHED
    assert len(peer.posts) == 1


def test_what_a_worker_claimed_and_never_sent_is_sent_by_another(peer, account):
    row = make_publication(account, scheduled_at=NOW)
    assert claiming.claim(row, now=NOW)
    publish_due(NOW + timedelta(seconds=59))
    assert peer.calls == []
    publish_due(NOW + timedelta(seconds=60))
    assert only().state == State.PUBLISHED
    assert attempts() == [("send", "done")]


def test_of_what_a_worker_was_sending_the_network_is_asked(peer, account):
    row = make_publication(account, scheduled_at=NOW)
    claiming.claim(row, now=NOW)
    asked = sending.begin(row, now=NOW)
    sending.ask(asked)  # and is killed
    publish_due(NOW + timedelta(seconds=61))
    assert peer.calls == ["publish", "find"]
    assert attempts() == [("send", "lost"), ("find", "done")]
    assert not sending.settle(asked, now=NOW + timedelta(seconds=62))  # it comes back
    assert len(peer.posts) == 1


def test_two_workers_never_have_the_same(account, peer):
    row = make_publication(account, scheduled_at=NOW)
    same = Publication.objects.with_account().get()
    assert claiming.claim(row, now=NOW)
    assert not claiming.claim(same, now=NOW)


def test_nothing_else_is_claimed_on_an_account_meanwhile(account, peer):
    first, second = (make_publication(account, scheduled_at=NOW) for _ in range(2))
    assert claiming.claim(first, now=NOW)
    assert not claiming.claim(second, now=NOW)
    assert claiming.candidates(NOW) == []


def test_an_account_disconnected_meanwhile_gets_nothing(account, peer):
    row = make_publication(account, scheduled_at=NOW)
    claiming.claim(row, now=NOW)
    disconnect_account(account=account, now=NOW)
    assert sending.begin(row, now=NOW) is None
    assert (only().state, only().reason_code) == (State.CANCELLED, "account_disconnected")
    assert Post.objects.get().state == Post.State.CANCELLED


def test_an_account_that_another_worker_was_told_to_leave_alone_is(account, peer):
    row = make_publication(account, scheduled_at=NOW)
    claiming.claim(row, now=NOW)
    until = NOW + timedelta(seconds=30)
    SocialAccount.objects.update(paused_until=until)
    assert sending.begin(row, now=NOW) is None
    assert (only().state, only().due_at, only().tries) == (State.SCHEDULED, until, 0)


def test_posts_beyond_what_the_plan_allows_fail_with_a_reason(peer, post, ana):
    make_feature("sns.posts", free=1)
    publish_due(NOW)
    assert only().state == State.PUBLISHED
    assert allows(ana, "sns.posts", now=NOW).left == 0
    other = make_post(ana, accounts=[only().account], text="More kimchi!")
    make_publication(only().account, post=other, scheduled_at=NOW)
    Post.objects.filter(pk=other.pk).update(state="scheduled", scheduled_at=NOW)
    publish_due(NOW)
    second = Publication.objects.get(post=other)
    assert (second.state, second.reason_code) == (State.FAILED, "quota_exceeded")
    assert peer.calls == ["publish"]


def test_what_is_too_late_is_missed_and_told(peer, post):
    assert publish_due(NOW + timedelta(hours=4)) == 0
    assert (only().state, only().reason_code, peer.calls) == (State.MISSED, "late", [])
    assert Post.objects.get().state == Post.State.MISSED


def test_what_a_network_would_not_take_is_not_sent(peer, ana, account):
    post = make_post(ana, accounts=[account], text=" ", title="Only a title")
    make_publication(account, post=post, scheduled_at=NOW)
    Post.objects.filter(pk=post.pk).update(state="scheduled", scheduled_at=NOW)
    publish_due(NOW)
    assert (only().state, only().reason_code, peer.calls) == (State.FAILED, "content", [])


def test_a_post_that_is_there_on_one_account_alone_is_published_in_part(peer, ana, account):
    other = make_account(ana, network="peer", server="https://other.example")
    post = make_post(ana, accounts=[account, other])
    schedule_post(user=ana, post=post, at=NOW, now=NOW)
    peer.then = [NetworkRefused("content", "No.")]
    publish_due(NOW)
    assert sorted(Publication.objects.values_list("state", flat=True)) == ["failed", "published"]
    assert Post.objects.get().state == Post.State.PARTLY


def test_what_is_sent_again_is_what_was_sent_first(peer, post, ana):
    peer.then = [NetworkLater("Busy.")]
    publish_due(NOW)
    Post.objects.update(text="Something else")
    publish_due(NOW + timedelta(minutes=1))
    assert peer.texts == ["Kimchi!"]


def test_a_long_text_is_a_thread(peer, ana, account):
    post = make_post(ana, accounts=[account], text="Kimchi tonight. " * 20)
    schedule_post(user=ana, post=post, at=NOW, now=NOW)
    publish_due(NOW)
    assert len(peer.texts) > 3
    assert len(peer.posts) == 1


def test_a_fault_of_ours_is_a_doubt_and_never_a_second_post(peer, post):
    def fault():
        raise ZeroDivisionError

    peer.then = [fault]
    publish_due(NOW)
    assert peer.calls == ["publish", "find", "publish"]
    assert len(peer.posts) == 1


def test_clock_is_the_one_of_the_caller(peer, post):
    publish_due(NOW)
    assert only().published_at - NOW < timedelta(seconds=5)
    assert clock.now() < NOW


def test_what_is_looked_for_is_none_of_the_posts_that_are_known(peer, post, ana):
    publish_due(NOW)
    twin = make_post(ana, accounts=[only().account])
    schedule_post(user=ana, post=twin, at=NOW + timedelta(seconds=1), now=NOW)
    first = only_of(post)
    peer.then = [NetworkUnsure("It broke off.")]
    publish_due(NOW + timedelta(seconds=1))
    publish_due(NOW + timedelta(minutes=1))

    assert peer.known == [first.remote_id]
    assert only_of(twin).state == State.PUBLISHED


def only_of(post):
    return Publication.objects.get(post=post)
