"""The social rows of a scene: a customer's account, posts and what is around them.

Nothing is ever sent: no worker knows of what is made here for a moment.
"""

from datetime import timedelta
from io import BytesIO

from sns.models import Campaign, Media, Post, Publication, Seat, SocialAccount, Template, Variant
from sns.models.post import fingerprint_of
from sns.services.pictures import add_picture
from softfactory.accounts.models import User
from softfactory.kernel import clock

#: What a visit may add rows of, in the order in which they go.
MADE = (Publication, Post, Seat, Campaign, Template, Media, SocialAccount)

MONTH = timedelta(days=30)
RECEIVER = "https://hooks.example/in"


class SocialScene:
    """What a customer has of social posts, and makers of more."""

    def __init__(self, customer: User) -> None:
        self.customer = customer
        self._serial = 0
        self.account = self.new_account()
        self.publication = self.scheduled()
        self.draft = self.new_draft()
        self.campaign = self.new_campaign()
        self.template = self.new_template()
        self.media = self.new_media()

    def new_account(self) -> SocialAccount:
        """Return another account of the customer's, with a queue."""
        number = self._number()
        account = SocialAccount(
            owner=self.customer,
            network="webhook",
            server=f"{RECEIVER}/{number}",
            handle=f"hooks.example/{number}",
            remote_id=f"{RECEIVER}/{number}",
            slots=[{"weekday": day, "at": "09:00"} for day in range(7)],
        )
        account.secrets = {"secret": "whsec_" + "A" * 32}
        account.save()
        return account

    def new_draft(self) -> Post:
        """Return a post that waits for somebody to say when."""
        text = f"Kimchi, number {self._number()}"
        post = Post.objects.create(
            owner=self.customer, author=self.customer, text=text, fingerprint=fingerprint_of(text)
        )
        Variant.objects.create(post=post, account=self.account)
        return post

    def scheduled(self) -> Publication:
        """Return what goes out in a month."""
        at = clock.now() + MONTH
        post = self.new_draft()
        Post.objects.filter(pk=post.pk).update(state=Post.State.SCHEDULED, scheduled_at=at)
        times = {"scheduled_at": at, "due_at": at, "late_at": at + MONTH}
        return Publication.objects.create(post=post, account=self.account, **times)

    def failed(self) -> Publication:
        """Return one that did not get through."""
        publication = self.scheduled()
        Publication.objects.filter(pk=publication.pk).update(
            state=Publication.State.FAILED, due_at=None
        )
        return publication

    def new_campaign(self) -> Campaign:
        """Return another campaign."""
        return Campaign.objects.create(owner=self.customer, name=f"Spring {self._number()}")

    def new_template(self) -> Template:
        """Return another template."""
        name = f"Opening {self._number()}"
        return Template.objects.create(owner=self.customer, name=name, text="Hello")

    def new_seat(self, other: User) -> Seat:
        """Let somebody work on the customer's posts."""
        return Seat.objects.create(owner=self.customer, user=other, role=Seat.Role.AUTHOR)

    def new_media(self) -> Media:
        """Return another picture."""
        return add_picture(owner=self.customer, content=self.drawing())

    def drawing(self) -> bytes:
        """Return a small picture, as it is uploaded."""
        from PIL import Image

        written = BytesIO()
        Image.new("RGB", (8, 8), "white").save(written, "PNG")
        return written.getvalue()

    def _number(self) -> int:
        self._serial += 1
        return self._serial
