"""An owner's servers are told where a post appeared and where it did not, in the same commit."""

from datetime import timedelta

import pytest
from django.db import transaction

from sns.models import Publication
from sns.networks.protocol import NetworkLater, NetworkRefused
from sns.services import claiming, sending, settling
from sns.services.publishing import publish_due
from sns.services.scheduling import cancel_post, retry_post
from softfactory.accounts.models import WebhookDelivery, WebhookEvent
from tests.makers import make_endpoint
from tests.sns.makers import make_publication
from tests.sns.peer import at, unheard

pytestmark = pytest.mark.django_db

NOW = at("2027-03-01T09:00")
State = Publication.State


@pytest.fixture
def row(ana, account):
    """What is due of a post of Ana's, whose server listens."""
    make_endpoint(ana, types=["post.published", "post.failed"])
    return make_publication(account, scheduled_at=NOW)


def told():
    return list(WebhookEvent.objects.order_by("pk").values_list("type", flat=True))


def test_what_appeared_is_told_as_the_api_shows_it(api, peer, ana, row):
    publish_due(NOW)

    [event] = WebhookEvent.objects.all()
    assert (event.type, event.owner_id, event.created_at >= NOW) == ("post.published", ana.pk, True)
    [shown] = api(ana).get(f"/api/sns/posts/{row.post_id}/publications").json()["results"]
    assert event.content == shown
    assert [attempt["outcome"] for attempt in event.content["attempts"]] == ["done"]
    assert WebhookDelivery.objects.get().due_at is not None


def test_what_failed_is_told_each_time(peer, ana, row):
    peer.then = [NetworkRefused("content", "No kimchi."), NetworkRefused("content", "No.")]
    publish_due(NOW)
    retry_post(user=ana, post=row.post, now=NOW)
    publish_due(NOW)

    assert told() == ["post.failed"] * 2
    assert WebhookEvent.objects.latest("pk").content["reason"] == "No."


def test_what_was_missed_is_told(peer, row):
    assert claiming.give_up_late(NOW + timedelta(days=1)) == 1

    assert told() == ["post.failed"]
    assert WebhookEvent.objects.get().content["state"] == "missed"


def test_what_is_tried_again_is_not_told_yet(peer, row):
    peer.then = [NetworkLater("Busy", retry_at=NOW + timedelta(minutes=1))]
    publish_due(NOW)
    assert told() == []

    publish_due(NOW + timedelta(minutes=2))
    assert told() == ["post.published"]


def test_what_one_cancels_oneself_is_not_told(peer, ana, row):
    cancel_post(user=ana, post=row.post, now=NOW)

    assert told() == []


def test_what_was_found_is_told_once(peer, row):
    peer.then = [unheard]
    publish_due(NOW)
    publish_due(NOW + timedelta(minutes=5))
    publish_due(NOW + timedelta(days=1))

    assert (told(), peer.calls) == (["post.published"], ["publish", "find"])


def test_it_is_told_with_what_happened_or_not_at_all(peer, row, monkeypatch):
    def falls(*_args, **_kwargs):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(settling, "conclude", falls)
        publish_due(NOW)
    assert (Publication.objects.get().state, told()) == (State.SENDING, [])

    publish_due(NOW + timedelta(minutes=2))

    assert (told(), peer.calls) == (["post.published"], ["publish", "find"])


def test_whoever_lost_the_claim_tells_nothing(peer, row):
    assert claiming.claim(row, now=NOW)
    asked = sending.ask(sending.begin(row, now=NOW))
    Publication.objects.update(claim=row.claim + 1)
    with transaction.atomic():
        assert not sending.settle(asked, now=NOW)

    assert told() == []


def test_what_comes_of_the_message_sends_no_post(peer, row):
    publish_due(NOW)
    WebhookDelivery.objects.update(state=WebhookDelivery.State.FAILED, due_at=None)

    publish_due(NOW + timedelta(days=1))

    assert (peer.calls, Publication.objects.get().state) == (["publish"], State.PUBLISHED)
