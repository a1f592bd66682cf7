"""Teams: who writes, who approves, and what neither sees of others."""

from datetime import timedelta
from functools import partial

import pytest

from sns.models import Post, Seat
from sns.services.approving import approve_post, send_back, submit_post
from sns.services.scheduling import publish_now
from sns.services.teams import comment_on, give_seat, take_seat_back
from sns.services.writing import delete_post, duplicates_of, edit_post, write_post
from softfactory.kernel.problems import DomainError
from tests.makers import make_feature
from tests.sns.makers import make_account, make_post, make_publication
from tests.sns.peer import at

NOW = at("2027-03-01T09:00")
State = Post.State


@pytest.fixture
def team(ana, ben, cho):
    """Ben approves Ana's posts; Cho writes them."""
    give_seat(owner=ana, email=ben.email, role="approver", now=NOW)
    give_seat(owner=ana, email=cho.email, role="author", now=NOW)


def code_of(call):
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.code


@pytest.mark.usefixtures("team")
def test_what_an_author_writes_goes_out_once_somebody_approved_it(ana, ben, cho, account):
    post = write_post(user=cho, owner=ana, now=NOW, accounts=[account.pk], text="Kimchi!")
    assert code_of(lambda: publish_now(user=cho, post=post, now=NOW)) == "not_approved"
    post = submit_post(user=cho, post=post, now=NOW)
    assert code_of(lambda: approve_post(user=cho, post=post, now=NOW)) == "not_approver"
    sent_back = send_back(user=ben, post=post, text="Which kimchi?", now=NOW)
    assert sent_back.state == State.DRAFT
    assert [comment.text for comment in post.comments.all()] == ["Which kimchi?"]
    comment_on(user=cho, post=post, text="Cabbage.", now=NOW)
    post = submit_post(user=cho, post=sent_back, now=NOW)
    post = approve_post(user=ben, post=post, now=NOW)
    assert (post.state, post.approved_by) == (State.APPROVED, ben)
    assert publish_now(user=cho, post=post, now=NOW).state == State.SCHEDULED


@pytest.mark.usefixtures("team")
def test_an_author_who_changes_what_was_approved_has_it_approved_again(ana, ben, cho, account):
    post = make_post(ana, accounts=[account], state=State.APPROVED, approved_by=ben)
    edited = edit_post(user=cho, post=post, versions=None, now=NOW, text="Free kimchi!")
    assert (edited.state, edited.approved_by) == (State.DRAFT, None)


@pytest.mark.usefixtures("team")
def test_what_was_changed_meanwhile_is_not_approved_unread(ana, ben, cho, account):
    post = make_post(ana, accounts=[account], state=State.IN_REVIEW)
    Post.objects.update(text="Free kimchi!")
    assert code_of(lambda: approve_post(user=ben, post=post, now=NOW)) == "changed"


def test_strangers_see_nothing_and_a_seat_taken_back_is_over(ana, ben, cho, account):
    post = make_post(ana, accounts=[account])
    assert not Post.objects.visible_to(cho)
    assert code_of(lambda: edit_post(user=cho, post=post, versions=None, now=NOW)) == "not_found"
    seat = give_seat(owner=ana, email=cho.email, role="author", now=NOW)
    assert list(Post.objects.visible_to(cho)) == [post]
    take_seat_back(seat=seat)
    assert not Post.objects.visible_to(cho)
    assert not Post.objects.visible_to(ben)


def test_a_seat_is_for_somebody_else_who_is_here(ana):
    for email in (ana.email, "nobody@example.test"):
        give = partial(give_seat, owner=ana, email=email, role="author", now=NOW)
        assert code_of(give) == "no_such_user"


def test_seats_and_approval_are_what_the_plan_allows(ana, ben, cho):
    make_feature("sns.seats", kind="limit", free=1)
    make_feature("sns.approval", kind="boolean", free=0)
    give_seat(owner=ana, email=ben.email, role="author", now=NOW)
    assert code_of(lambda: give_seat(owner=ana, email=cho.email, role="author", now=NOW)) == (
        "limit_reached"
    )
    assert code_of(lambda: give_seat(owner=ana, email=ben.email, role="approver", now=NOW)) == (
        "not_in_plan"
    )
    assert Seat.objects.get().role == "author"


def test_nothing_of_another_owner_is_written_into_a_post(ana, ben, account, chef):
    foreign = make_account(ben)
    wrong = [{"accounts": [foreign.pk]}, {"media": [1]}, {"campaign": 1}, {"chef": chef}]
    for content in wrong:
        write = partial(write_post, user=ana, owner=ana, now=NOW, **content)
        assert code_of(write) == "invalid"


def test_a_stale_edit_is_refused(ana, account):
    post = make_post(ana, accounts=[account])
    edit_post(user=ana, post=post, versions=[1], now=NOW, text="One")
    edit = partial(edit_post, user=ana, post=post, versions=[1], now=NOW, text="Two")
    assert code_of(edit) == "stale_version"


def test_the_accounts_of_what_is_scheduled_stay(ana, account):
    other = make_account(ana)
    publication = make_publication(account)
    edit = partial(edit_post, user=ana, post=publication.post, versions=None, now=NOW)
    assert code_of(lambda: edit(accounts=[other.pk])) == "accounts_fixed"
    edit(variants={account.pk: "Here it is kimchi."})
    assert publication.post.variants.get().text == "Here it is kimchi."


def test_what_was_sent_stays_and_what_was_not_is_deleted(ana, account):
    draft, publication = make_post(ana, accounts=[account]), make_publication(account)
    delete_post(user=ana, post=draft)
    delete_post(user=ana, post=publication.post)
    assert not Post.objects.exists()
    publication = make_publication(account, claim=1)
    assert code_of(lambda: delete_post(user=ana, post=publication.post)) == "was_sent"


def test_warns_of_what_was_said_lately(ana, account):
    post = make_post(ana, text="Kimchi tonight!", created_at=NOW)
    other = make_post(ana, text="Bibimbap tonight!", created_at=NOW)
    say = {"owner_id": ana.pk, "text": " KIMCHI  tonight! "}
    assert duplicates_of(**say, now=NOW + timedelta(days=29)) == [post]
    assert duplicates_of(**say, now=NOW, but=post) == []
    assert duplicates_of(**say, now=NOW + timedelta(days=31)) == []
    assert other not in duplicates_of(**say, now=NOW)
