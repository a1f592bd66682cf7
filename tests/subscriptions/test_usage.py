"""What is metered: counted once for each use, up to the quota, in the period that stands."""

from datetime import UTC, datetime, timedelta

import pytest

from softfactory.kernel.problems import Conflict
from subscriptions.invariants import count_wrong_usage
from subscriptions.models import Exemption, Feature, Subscription, UsagePeriod, UsageRecord
from subscriptions.services import stopping
from subscriptions.services.changing import change_plan
from subscriptions.services.entitlements import allows
from subscriptions.services.renewing import renew_subscriptions
from subscriptions.services.usage import record_usage
from tests.makers import make_feature
from tests.subscriptions.conftest import NOW, again

DAY = timedelta(days=1)
KEY = "sns.posts"


@pytest.fixture
def posts(plan):
    """Two a month are free; the small plan has 5 in a period, the large one 9."""
    plans = {plan("Small"): 5, plan("Large"): 9, plan("Small", "year"): 60}
    return make_feature(KEY, free=2, plans=plans)


def use(user, *keys, now=NOW, quantity=1):
    for key in keys:
        left = record_usage(user=user, feature=KEY, quantity=quantity, key=key, now=now)
    return left


def used(user, *, now=NOW):
    return allows(user, KEY, now=now).used


def test_each_use_is_counted_once(ana, posts):
    assert use(ana, "post-1").left == 1
    assert use(ana, "post-1", "post-1").left == 1
    assert use(ana, "post-2").left == 0
    assert UsageRecord.objects.count() == 2
    assert count_wrong_usage() == 0


def test_beyond_the_quota_it_is_refused_and_not_counted(ana, posts):
    use(ana, "post-1")
    with pytest.raises(Conflict) as refused:
        use(ana, "post-2", quantity=2)
    assert refused.value.code == "quota_exceeded"
    assert used(ana) == 1
    use(ana, "post-2")
    with pytest.raises(Conflict, match="used up"):
        use(ana, "post-3")
    assert use(ana, "post-2").left == 0  # counted already


def test_what_no_plan_has_is_refused_as_such(ana):
    make_feature(KEY)
    with pytest.raises(Conflict) as refused:
        use(ana, "post-1")
    assert refused.value.code == "not_in_plan"


def test_what_is_not_listed_is_counted_without_end(ana):
    assert use(ana, "post-1", quantity=1_000).used == 1_000


def test_somebody_elses_uses_are_theirs(ana, cho, posts):
    use(ana, "post-1", "post-2")
    assert use(cho, "post-1").left == 1


def test_a_free_quota_is_for_a_month_of_the_users_clocks(ana, posts):
    before = datetime(2027, 1, 31, 14, 59, tzinfo=UTC)  # a minute before February in Seoul
    use(ana, "post-1", "post-2", now=before)
    assert allows(ana, KEY, now=before).ends_at == before + timedelta(minutes=1)
    assert use(ana, "post-3", now=before + timedelta(minutes=1)).left == 1


def test_who_moves_to_another_zone_has_the_month_once(ana, posts):
    middle = NOW - 15 * DAY
    use(ana, "post-1", "post-2", now=middle)
    ana.timezone = "Pacific/Apia"
    ana.save()
    assert used(ana, now=middle) == 2


def test_a_renewal_begins_at_nothing(ana, posts, begin):
    subscription = begin("Small")
    assert use(ana, "post-1", "post-2").left == 3
    ends_at = subscription.current_period_end
    assert allows(ana, KEY, now=NOW).ends_at == ends_at
    renew_subscriptions(ends_at)
    assert use(ana, "post-3", now=ends_at).left == 4
    assert UsagePeriod.objects.count() == 2


def test_a_larger_plan_has_more_left_not_all_of_it(ana, posts, begin, plan):
    subscription = begin("Small")
    use(ana, "post-1", "post-2")
    change_plan(subscription=subscription, plan_id=plan("Large").pk, now=NOW + DAY)
    assert allows(ana, KEY, now=NOW + DAY).left == 7


def test_a_period_that_is_moved_takes_along_what_was_used(ana, posts, begin, plan):
    subscription = begin("Small")
    use(ana, "post-1", "post-2")
    stopping.pause(subscription=subscription, now=NOW + DAY)
    stopping.resume(subscription=subscription, now=NOW + 3 * DAY)
    assert used(ana, now=NOW + 3 * DAY) == 2
    yearly, monthly = plan("Small", "year"), plan("Small")
    change_plan(subscription=subscription, plan_id=yearly.pk, now=NOW + 4 * DAY)
    assert use(ana, "post-3", now=NOW + 4 * DAY).left == 57
    change_plan(subscription=subscription, plan_id=monthly.pk, when="now", now=NOW + 4 * DAY)
    assert used(ana, now=NOW + 4 * DAY) == 3  # there and back gives nothing for nothing
    assert count_wrong_usage() == 0


def test_who_is_exempt_is_counted_and_never_refused(ana, posts):
    Exemption.objects.create(user=ana, reason="A partner")
    found = use(ana, *(f"post-{n}" for n in range(4)))
    assert (found.used, found.left, found.is_allowed) == (4, None, True)


def test_a_grace_that_is_over_leaves_what_is_free(ana, posts, begin):
    subscription = begin("Small")
    use(ana, "post-1", "post-2", "post-3")
    rows = Subscription.objects.filter(pk=subscription.pk)
    rows.update(status="past_due", grace_ends_at=NOW + DAY)
    assert use(ana, "post-4").left == 1
    assert use(ana, "post-5", now=NOW + DAY).used == 1
    assert again(subscription).usage.get().used == 4


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_use_is_one_or_more(ana, posts, quantity):
    with pytest.raises(ValueError, match="one or more"):
        use(ana, "post-1", quantity=quantity)


def test_what_is_not_metered_is_not_counted(ana, db):
    make_feature("sns.accounts", kind=Feature.Kind.LIMIT)
    with pytest.raises(ValueError, match="not metered"):
        record_usage(user=ana, feature="sns.accounts", quantity=1, key="a", now=NOW)


def test_a_count_that_is_wrong_is_found(ana, posts):
    use(ana, "post-1")
    UsagePeriod.objects.update(used=5)
    assert count_wrong_usage() == 1
