"""What a user may use: by which subscription, until when, and without asking the database again."""

from datetime import timedelta

import pytest
from django.db import transaction

from softfactory.kernel.db import kept
from softfactory.kernel.problems import Conflict
from softfactory.kernel.registry import counted
from subscriptions.models import Exemption, Feature, PlanFeature, Subscription
from subscriptions.services import stopping
from subscriptions.services.changing import change_plan
from subscriptions.services.entitlements import Source, allows, entitlements_of, require
from subscriptions.services.subscribing import subscribe
from tests.makers import make_feature, make_product
from tests.subscriptions.conftest import NOW, again, pay_all

DAY = timedelta(days=1)
KEY = "coocook.tables"


@pytest.fixture
def accounts(plan):
    """One account is free, the small plan has 3, the large one any number."""
    plans = {plan("Small"): 3, plan("Large"): None, plan("Tried"): 2}
    return make_feature(KEY, kind=Feature.Kind.LIMIT, free=1, plans=plans)


def limit(user, *, now=NOW):
    return allows(user, KEY, now=now).limit


def test_without_a_plan_one_has_what_is_free(ana, accounts):
    found = allows(ana, KEY, used=0, now=NOW)
    assert (found.limit, found.left, found.source) == (1, 1, Source.FREE)
    assert allows(ana, KEY, used=0, now=NOW)
    assert not allows(ana, KEY, used=1, now=NOW)


def test_what_is_not_listed_everybody_has(ana):
    found = allows(ana, "sns.unheard_of", used=1_000, now=NOW)
    assert found.is_allowed
    assert found.left is None


def test_a_subscription_allows_what_its_plan_does(ana, accounts, begin, plan):
    subscription = begin("Small")
    found = allows(ana, KEY, used=2, now=NOW)
    assert (found.limit, found.left, found.is_allowed) == (3, 1, True)
    assert (found.source, found.subscription_id) == (Source.SUBSCRIPTION, subscription.pk)
    assert not allows(ana, KEY, used=3, now=NOW).is_allowed
    change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW)
    assert allows(ana, KEY, used=1_000, now=NOW).is_allowed


def test_a_trial_allows_it_too(ana, accounts, begin):
    assert begin("Tried").status == "trialing"
    assert limit(ana) == 2


def test_what_was_never_paid_does_not(ana, accounts, card, plan):
    card()
    subscription = subscribe(user=ana, plan_id=plan("Small").pk, now=NOW)
    assert subscription.status == "past_due"
    assert limit(ana) == 1
    pay_all(now=NOW)
    assert limit(ana) == 3


def test_a_pause_and_an_end_do_not(ana, accounts, begin):
    subscription = begin("Small")
    stopping.pause(subscription=subscription, now=NOW)
    assert limit(ana) == 1
    stopping.resume(subscription=subscription, now=NOW + DAY)
    assert limit(ana) == 3
    stopping.cancel(subscription=subscription, at_once=True, now=NOW + DAY)
    assert limit(ana) == 1


def test_what_ends_with_its_period_allows_it_until_then_with_no_clock_run(ana, accounts, begin):
    subscription = begin("Small")
    stopping.cancel(subscription=subscription, at_once=False, now=NOW)
    ends_at = again(subscription).current_period_end
    assert limit(ana, now=ends_at - DAY) == 3
    assert limit(ana, now=ends_at) == 1


def test_a_grace_is_asked_at_the_moment_of_the_question(ana, accounts, begin):
    subscription = begin("Small")
    ends_at = NOW + 7 * DAY
    Subscription.objects.filter(pk=subscription.pk).update(status="past_due", grace_ends_at=ends_at)
    assert limit(ana) == 3
    assert limit(ana, now=ends_at - timedelta.resolution) == 3
    assert limit(ana, now=ends_at) == 1


def test_of_several_the_most_generous_one_decides(ana, accounts, begin):
    begin("Small")
    other = make_product("other")
    monthly = other.plans.get(name="Monthly")
    PlanFeature.objects.create(plan=monthly, feature=accounts, value=5)
    second = subscribe(user=ana, plan_id=monthly.pk, now=NOW)
    pay_all(now=NOW)
    found = allows(ana, KEY, now=NOW)
    assert (found.limit, found.subscription_id) == (5, second.pk)
    Feature.objects.update(free=7)
    assert allows(ana, KEY, now=NOW).source is Source.FREE


def test_nobody_elses_subscription_counts(ana, cho, accounts, begin):
    begin("Small")
    assert limit(cho) == 1


def test_who_is_exempt_has_all_of_it(ana, accounts):
    exemption = Exemption.objects.create(user=ana, reason="A partner")
    found = allows(ana, KEY, used=1_000, now=NOW)
    assert (found.is_allowed, found.source) == (True, Source.EXEMPTION)
    exemption.delete()
    assert limit(ana) == 1


@pytest.mark.parametrize("name", ["ana", "dee"])
def test_staff_has_no_more_than_others(request, accounts, name):
    assert limit(request.getfixturevalue(name)) == 1


def test_what_is_allowed_or_not(ana, plan, begin):
    make_feature("sns.approval", kind=Feature.Kind.BOOLEAN, plans={plan("Small"): 1})
    with pytest.raises(Conflict) as refused:
        require(ana, "sns.approval", now=NOW)
    assert refused.value.code == "not_in_plan"
    begin("Small")
    assert require(ana, "sns.approval", now=NOW).is_allowed


def test_a_limit_that_is_reached_says_so(ana, accounts, begin):
    begin("Small")
    assert require(ana, KEY, used=2, now=NOW).left == 1
    with pytest.raises(Conflict, match="has 3 of this") as refused:
        require(ana, KEY, used=3, now=NOW)
    assert refused.value.code == "limit_reached"


def test_whoever_has_them_says_how_many(ana, accounts, monkeypatch):
    monkeypatch.setitem(counted._functions, KEY, lambda user_id: 1)
    found = allows(ana, KEY, now=NOW)
    assert (found.used, found.is_allowed) == (1, False)
    assert [(one.feature, one.used) for one in entitlements_of(ana, now=NOW)] == [(KEY, 1)]


@pytest.mark.django_db(transaction=True)
def test_it_is_one_query_cold_and_none_warm(ana, plan, django_assert_num_queries):
    make_feature(KEY, kind=Feature.Kind.LIMIT, free=1, plans={plan("Tried"): 2})
    subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    kept.forget_everything()
    with django_assert_num_queries(1):
        assert allows(ana, KEY, used=0, now=NOW).limit == 2
    with django_assert_num_queries(0):
        assert allows(ana, KEY, used=1, now=NOW).left == 1
        assert allows(ana, "sns.unheard_of", used=1, now=NOW).is_allowed


@pytest.mark.django_db(transaction=True)
def test_a_committed_write_is_seen_at_once_and_others_are_left_alone(
    ana, cho, plan, django_assert_num_queries
):
    feature = make_feature(KEY, kind=Feature.Kind.LIMIT, free=1, plans={plan("Tried"): 2})
    assert (limit(ana), limit(cho)) == (1, 1)
    subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
    with django_assert_num_queries(0):
        assert limit(cho) == 1
    assert limit(ana) == 2
    PlanFeature.objects.update(value=9)
    assert limit(ana) == 9
    feature.free = 4
    feature.save()
    assert limit(cho) == 4
    Exemption.objects.create(user=cho, reason="A partner")
    assert limit(cho) is None


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_yet_is_kept_for_nobody(ana, plan):
    make_feature(KEY, kind=Feature.Kind.LIMIT, free=1, plans={plan("Tried"): 2})
    with transaction.atomic():
        subscribe(user=ana, plan_id=plan("Tried").pk, now=NOW)
        assert limit(ana) == 2
        transaction.set_rollback(True)
    assert limit(ana) == 1
