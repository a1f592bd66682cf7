"""What runs behind the requests: publishing, and telling owners of what did not appear."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sns.models import Post, Publication, SocialAccount
from sns.services import publishing
from softfactory.kernel import clock
from softfactory.kernel.letters import send_letter
from softfactory.kernel.zones import zone


def publish(pk: int) -> None:
    """Send whatever is due: the post that this is about, and others."""
    publishing.publish_due(clock.now())


def tell_of_broken_account(pk: int) -> None:
    """Tell the owner that nothing can be published on an account, if that is so still."""
    account = SocialAccount.objects.select_related("owner").get(pk=pk)
    if account.is_active and account.broken_reason:
        with translation.override(account.owner.language):
            subject = _("An account has to be connected again")
            send_letter(
                account.owner.email, subject, "sns/account_broken.txt", {"account": account}
            )


def tell_of_ended_post(pk: int) -> None:
    """Tell the owner where a post did not appear, and why."""
    post = Post.objects.select_related("owner").get(pk=pk)
    rows = post.publications.exclude(state=Publication.State.PUBLISHED).with_account().in_order()
    with translation.override(post.owner.language), timezone.override(zone(post.timezone)):
        context = {"post": post, "publications": rows}
        send_letter(post.owner.email, _("A post did not appear"), "sns/post_ended.txt", context)
