"""What several pages say about a visit and a chef, in the active language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Chef, Policy
from bookings.models.policy import ALL

HOUR, DAY = 60, 24 * 60  # minutes


def notice_of(chef: Chef) -> str:
    """Return from when until when one can book a chef, in a sentence."""
    ahead = ngettext("%(n)s day", "%(n)s days", chef.horizon_days) % {"n": chef.horizon_days}
    minutes = chef.minimum_notice_minutes
    if not minutes:
        return _("Book up to %(ahead)s ahead.") % {"ahead": ahead}
    if minutes % DAY == 0 and minutes > DAY:
        notice = ngettext("%(n)s day", "%(n)s days", minutes // DAY) % {"n": minutes // DAY}
    else:
        hours = -(-minutes // HOUR)
        notice = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("Book at least %(notice)s and at most %(ahead)s ahead.") % {
        "notice": notice,
        "ahead": ahead,
    }


def terms_of(policy: Policy | None) -> list[str]:
    """Return what a chef asks to be paid here, and what cancelling costs, a sentence each."""
    if policy is None:
        return [_("You can cancel until the visit begins, without a fee.")]
    return [_upfront(policy), *_balance(policy), *_cancelling(policy)]


def _upfront(policy: Policy) -> str:
    if policy.upfront_percent == ALL:
        return _("The price is held on your card when you book, and taken once it is confirmed.")
    text = _("%(n)s%% is held on your card when you book, and taken once it is confirmed.")
    return text % {"n": policy.upfront_percent}


def _balance(policy: Policy) -> list[str]:
    if policy.upfront_percent == ALL:
        return []
    if policy.balance == Policy.Balance.AFTER:
        return [_("The rest is charged after the visit.")]
    if not policy.balance_days:
        return [_("The rest is charged when the visit begins.")]
    text = ngettext(
        "The rest is charged %(n)s day before the visit.",
        "The rest is charged %(n)s days before the visit.",
        policy.balance_days,
    )
    return [text % {"n": policy.balance_days}]


def _cancelling(policy: Policy) -> list[str]:
    """From the earliest cancellation to the latest."""
    sentences = [_("Until the chef has confirmed, you can cancel for nothing.")]
    for tier in policy.steps:
        if tier.kept_percent:
            text = ngettext(
                "Cancelled until %(n)s day before, %(kept)s%% of the price is kept.",
                "Cancelled until %(n)s days before, %(kept)s%% of the price is kept.",
                tier.days,
            )
        else:
            text = ngettext(
                "Cancelled until %(n)s day before, everything is given back.",
                "Cancelled until %(n)s days before, everything is given back.",
                tier.days,
            )
        sentences.append(text % {"n": tier.days, "kept": tier.kept_percent})
    if not policy.steps or policy.steps[-1].days:
        last = _("Cancelled later than that, what was paid is kept.")
        sentences.append(last if policy.steps else _("Cancelled later, what was paid is kept."))
    return sentences
