"""Writing to the other side of a booking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.forms import MessageForm
from bookings.services.messaging import write_message
from bookings.views.bookings import booking_of, booking_page
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@form_page
@sign_in_required
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the other side; what was written stands on the booking's page."""
    booking = booking_of(request, pk)
    page = f"{reverse('bookings:booking', args=[pk])}#messages"
    form = MessageForm(request.POST)
    if request.method != "POST":
        return redirect(page)
    if not form.is_valid():
        messages.error(request, _("Write something first, 4,000 characters at most."))
        return redirect(page)
    try:
        text = form.cleaned_data["text"]
        write_message(booking=booking, author=request.user, text=text, now=clock.now())
    except DomainError as refusal:
        return booking_page(request, pk, refusal=refusal)
    messages.success(request, _("Sent. The other side is told by e-mail."))
    return redirect(page)
