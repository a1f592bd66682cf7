"""What the tables of social posts refuse, whoever writes."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from sns import invariants
from sns.models import Attempt, Publication, SocialAccount
from softfactory.kernel import clock
from tests.sns.makers import make_account, make_attempt, make_post, make_publication

State = Publication.State


@pytest.fixture
def account(ana):
    return make_account(ana)


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_attempts_are_neither_changed_nor_deleted(account):
    attempt = make_attempt(make_publication(account))
    refused(lambda: Attempt.objects.filter(pk=attempt.pk).update(answer="Never happened."))
    refused(lambda: Attempt.objects.all()._raw_delete("default"))
    assert Attempt.objects.get() == attempt
    assert invariants.are_attempts_append_only()


def test_an_attempt_is_recorded_once_for_each_claim(account):
    publication = make_publication(account)
    make_attempt(publication)
    refused(lambda: make_attempt(publication))
    make_attempt(publication, number=2)


def test_a_post_has_one_publication_on_an_account(account):
    publication = make_publication(account)
    refused(lambda: make_publication(account, post=publication.post))


@pytest.mark.parametrize("state", ["claimed", "sending"])
def test_nothing_is_sent_while_another_is_on_the_same_account(account, ben, state):
    held = {"due_at": None, "lease_until": clock.now(), "content": {}}
    make_publication(account, state="claimed", **held)
    refused(lambda: make_publication(account, state=state, **held))
    make_publication(make_account(ben), state=state, **held)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "published"},
        {"state": "published", "remote_id": "1"},
        {"state": "failed"},
        {"state": "claimed"},
        {"state": "unconfirmed"},
        {"remote_id": "1"},
    ],
    ids=str,
)
def test_columns_agree_with_the_state(account, columns):
    publication = make_publication(account)
    refused(lambda: Publication.objects.filter(pk=publication.pk).update(**columns))


def test_a_publication_is_known_by_one_key_and_no_other_one_by_it(account):
    publication, other = make_publication(account), make_publication(account)
    assert publication.key == Publication.objects.get(pk=publication.pk).key
    assert publication.key != other.key


def test_an_account_is_connected_once_and_has_secrets_while_it_is(ana, account):
    refused(lambda: make_account(ana, server=account.server, remote_id=account.remote_id))
    refused(lambda: SocialAccount.objects.filter(pk=account.pk).update(is_active=False))
    refused(lambda: SocialAccount.objects.filter(pk=account.pk).update(sealed_secrets=""))


def test_secrets_lie_sealed(account):
    assert account.secrets["secret"] == "whsec_MfKQ9r8G"
    assert "whsec" not in account.sealed_secrets


def test_what_was_scheduled_keeps_its_post_and_account(account):
    publication = make_publication(account)
    for row in (publication.post, account):
        with pytest.raises(ProtectedError):
            row.delete()


def test_a_post_is_scheduled_for_some_time_and_a_slot_has_both_ends(ana, chef):
    refused(lambda: make_post(ana, state="scheduled"))
    refused(lambda: make_post(ana, chef=chef))
    refused(lambda: make_post(ana, slot_starts_at=clock.now()))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"title": "Winter"}, "Winter"),
        ({"text": "One\nseat"}, "One seat"),
        ({"text": "kimchi " * 20}, "kimchi kimchi kimchi kimchi kimchi kimchi kimchi kimchi kim…"),
    ],
)
def test_a_post_is_named_by_its_title_or_its_first_words(ana, content, name):
    assert str(make_post(ana, **content)) == name


def test_verify_counts_what_contradicts_itself(account, ben):
    assert invariants.count_wrong_posts() == 0
    publication = make_publication(account)
    assert invariants.count_wrong_posts() == 0
    type(publication.post).objects.filter(pk=publication.post_id).update(state="published")
    assert invariants.count_wrong_posts() == 1
    Publication.objects.update(
        state="published", remote_id="1", published_at=clock.now(), content={}, due_at=None
    )
    assert invariants.count_wrong_posts() == 0
    assert invariants.count_unproven_publications() == 1
    make_attempt(publication, outcome="done")
    assert invariants.count_unproven_publications() == 0
    SocialAccount.objects.update(owner=ben)
    assert invariants.count_strange_publications() == 1
