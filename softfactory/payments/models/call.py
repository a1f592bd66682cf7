"""What every wish to a gateway has in common: when it is due, and whether its answer is known."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock


class GatewayCall(models.Model):
    """Something that a gateway is to do, once, whoever is killed on the way.

    Whoever carries it out moves `due_at` by a lease and counts `tries`, in one conditional update;
    the number is the fencing token of what they record. `sent_at` stands from before the call
    until its answer is recorded: whoever finds it there asks the gateway first.
    """

    gateway = models.CharField(_("gateway"), max_length=20)
    reference = models.CharField(_("the gateway's name of it"), max_length=100, blank=True)
    failure = models.CharField(_("why it failed"), max_length=60, blank=True)
    due_at = models.DateTimeField(_("to be carried out"), null=True, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent, and not answered"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)

    class Meta:
        abstract = True
