"""What is done about a post that is there: counted, and taken down once its slot is taken."""

from datetime import timedelta

import pytest

from bookings.services.requesting import BookingRequest, request_booking
from sns.models import Attempt, Post, Publication
from sns.networks.protocol import NetworkLater, NetworkRefused
from sns.services.following import count_reactions, take_down_taken
from sns.services.publishing import publish_due
from sns.services.scheduling import publish_now
from sns.services.settling import REACTIONS_AFTER
from sns.services.writing import write_post
from softfactory.kernel import clock
from tests.makers import noon_utc
from tests.sns.makers import make_account, make_post
from tests.sns.peer import Peer

State = Publication.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bens(ben, peer):
    return make_account(ben, network="peer", server="https://peer.example")


@pytest.fixture
def opening(ben, chef, bens):
    """`opening(on_taken)` is a post about Ben's noon in a week, to go out now."""

    def write(on_taken):
        starts_at = noon_utc(7)
        post = write_post(
            user=ben,
            owner=ben,
            now=clock.now(),
            accounts=[bens.pk],
            text="Free on Sunday!",
            chef=chef,
            slot_starts_at=starts_at,
            slot_ends_at=starts_at + timedelta(hours=2),
            on_taken=on_taken,
        )
        return publish_now(user=ben, post=post, now=clock.now())

    return write


def book(ana, chef):
    request = BookingRequest(chef_id=chef.pk, starts_at=noon_utc(7), duration_hours=2)
    request_booking(customer=ana, request=request, now=clock.now())


def only():
    return Publication.objects.get()


def test_an_opening_is_published_while_it_is_open(peer, opening):
    opening("skip")
    publish_due(clock.now())
    assert (only().state, only().watched_at) == (State.PUBLISHED, None)


@pytest.mark.parametrize("on_taken", ["skip", "delete"])
def test_an_opening_that_was_taken_is_not_published(peer, opening, ana, chef, on_taken):
    post = opening(on_taken)
    book(ana, chef)
    publish_due(clock.now())
    assert (only().state, only().reason_code, peer.calls) == (State.CANCELLED, "slot_taken", [])
    assert Post.objects.get(pk=post.pk).state == Post.State.CANCELLED


def test_an_opening_is_taken_down_once_it_is_taken_if_its_owner_chose_so(peer, opening, ana, chef):
    opening("delete")
    now = clock.now()
    publish_due(now)
    assert take_down_taken(now + 2 * MINUTE) == 0
    book(ana, chef)
    peer.then = [NetworkLater("Busy.", retry_at=now + 5 * MINUTE)]
    assert take_down_taken(now + 4 * MINUTE) == 0
    assert take_down_taken(now + 4.5 * MINUTE) == 0
    assert take_down_taken(now + 5 * MINUTE) == 1
    assert take_down_taken(now + 6 * MINUTE) == 0
    assert peer.deleted == [only().remote_id]
    assert only().deleted_at is not None
    outcomes = Attempt.objects.order_by("number").values_list("kind", "outcome")
    assert list(outcomes) == [("send", "done"), ("delete", "later"), ("delete", "done")]


def test_an_opening_that_began_is_not_watched_any_more(peer, opening, ana, chef):
    opening("delete")
    publish_due(clock.now())
    assert take_down_taken(noon_utc(7)) == 0
    assert only().watched_at is None
    assert peer.deleted == []


def test_likes_are_counted_less_and_less_often_and_then_no_more(peer, ana, account):
    publish_now(user=ana, post=make_post(ana, accounts=[account]), now=clock.now())
    publish_due(clock.now())
    published = only().published_at
    assert count_reactions(published + REACTIONS_AFTER - MINUTE) == 0
    assert count_reactions(published + REACTIONS_AFTER) == 1
    assert (only().likes, only().replies, only().reposts) == (3, 2, 1)
    assert only().reactions_at == published + timedelta(hours=1)
    assert count_reactions(published + timedelta(days=8)) == 1
    assert only().reactions_at is None


@pytest.mark.parametrize("error", [NetworkLater("Busy."), NetworkRefused("gone")], ids=str)
def test_likes_that_cannot_be_had_change_nothing(peer, ana, account, error):
    publish_now(user=ana, post=make_post(ana, accounts=[account]), now=clock.now())
    publish_due(clock.now())
    peer.then = [error]
    at = only().reactions_at
    assert count_reactions(at) == 0
    assert only().likes is None
    assert only().reactions_at == (None if isinstance(error, NetworkRefused) else at + 5 * MINUTE)


def test_a_network_without_likes_is_asked_once(monkeypatch, peer, ana, account):
    monkeypatch.setattr(Peer, "reactions", lambda *_: None)
    publish_now(user=ana, post=make_post(ana, accounts=[account]), now=clock.now())
    publish_due(clock.now())
    assert count_reactions(only().reactions_at) == 0
    assert only().reactions_at is None
