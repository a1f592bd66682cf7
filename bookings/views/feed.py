"""A user's calendar feed: the page that shows, renews and revokes it, and the feed itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.services.documents import bookings_as_calendar
from bookings.services.feeds import bookings_in, feed_at, feed_of, renew_feed, revoke_feed
from softfactory.kernel import clock
from softfactory.kernel.calendars import CONTENT_TYPE
from softfactory.kernel.http import file_response
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required

READ_AGAIN = "PT1H"


@form_page
@sign_in_required
def show_feed(request: HttpRequest) -> HttpResponse:
    """The address of one's feed; posting makes a fresh one."""
    if request.method == "POST":
        is_renewed = feed_of(request.user) is not None
        renew_feed(user=request.user, now=clock.now())
        if is_renewed:
            messages.success(request, _("The address before leads nowhere now."))
        return redirect("bookings:feed")
    feed = feed_of(request.user)
    address = ""
    if feed is not None:
        address = request.build_absolute_uri(reverse("calendar_feed", args=[feed.secret]))
    return render(request, "bookings/feed_detail.html", {"feed": feed, "address": address})


@form_page
@sign_in_required
def revoke(request: HttpRequest) -> HttpResponse:
    """Ask whether a feed is really to be revoked; sent, it is."""
    if request.method == "POST":
        revoke_feed(user=request.user)
        messages.success(request, _("Revoked. Calendars that read it get nothing any more."))
        return redirect("bookings:feed")
    if feed_of(request.user) is None:
        return redirect("bookings:feed")
    return render(request, "bookings/feed_revoke.html")


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """All that a user booked, and that their chefs were asked for, for whoever has the secret."""
    feed = feed_at(secret)
    if feed is None:
        raise Http404
    bookings = bookings_in(feed, now=clock.now())
    content = bookings_as_calendar(bookings, reader=feed.user, refreshed=READ_AGAIN)
    return file_response(content, CONTENT_TYPE, "softfactory.ics")
