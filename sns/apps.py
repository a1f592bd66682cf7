"""The sns app: what is written once, and appears exactly once on every network."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.registry import (
    counted,
    due,
    guards,
    invariants,
    lazily,
    nudged,
    sealed,
    told,
)


class SnsConfig(AppConfig):
    name = "sns"
    verbose_name = _("Social posts")

    def ready(self) -> None:
        from sns import invariants as counts
        from sns import tasks
        from sns.services import (
            accounts,
            following,
            pictures,
            publishing,
            repeating,
            teams,
            telling,
            watching,
        )

        due.register("sns.repeat", repeating.repeat_posts)
        due.register("sns.publish", publishing.publish_due)
        due.register("sns.openings", following.take_down_taken)
        due.register("sns.reactions", following.count_reactions)
        due.register("sns.facts", watching.refresh_facts)
        due.register("sns.pictures", pictures.prune_pictures)
        nudged.register("sns.publish", tasks.publish)
        nudged.register("sns.account_broken", tasks.tell_of_broken_account)
        nudged.register("sns.post_ended", tasks.tell_of_ended_post)
        for kind in sorted(set(telling.TYPES.values())):
            told.register(kind, lazily("sns.serializers.publications.tell_publication"))
        sealed.register("sns.accounts", accounts.reseal_secrets)
        counted.register("sns.accounts", accounts.count_accounts)
        counted.register("sns.seats", teams.count_seats)
        invariants.register("sns.strange_publications", counts.count_strange_publications)
        invariants.register("sns.unproven_publications", counts.count_unproven_publications)
        invariants.register("sns.wrong_posts", counts.count_wrong_posts)
        guards.register("sns.attempts", counts.are_attempts_append_only)
