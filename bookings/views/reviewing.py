"""Writing a review of a visit, from either side, and the chef's answer to one."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.forms import AnswerForm, CustomersReviewForm, ReviewForm
from bookings.services import reviews
from bookings.services.reviews import answer_review, shown_name, write_review
from bookings.views.bookings import reviewed_booking_of
from bookings.views.progress import Progress
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@form_page
@sign_in_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What one says of the other side of a visit; sent, it waits for theirs."""
    progress = _progress(request, pk)
    if not progress.can_review:
        return redirect("bookings:booking", pk=pk)

    def write(**said: Any) -> str:
        opinion = write_review(
            booking=progress.booking, author=request.user, now=clock.now(), **said
        )
        if opinion.published_at:
            return _("Thank you. Both reviews can be read now.")
        return _("Thank you. It is shown once the other side has written too, or in 14 days.")

    form_class: Callable[..., forms.Form] = ReviewForm
    if progress.is_customer:
        form_class = partial(CustomersReviewForm, shown_name=shown_name(progress.viewer))
    return _filled_in(request, progress, form_class, write, "bookings/review_form.html")


@require_POST
@sign_in_required
def let_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the chef quote what one said of them, or no more: whatever is not `yes` is no."""
    booking = reviewed_booking_of(request, pk)
    if booking.customer_id != request.user.pk:
        raise Http404
    wish = request.POST.get("may_be_quoted") == "yes"
    try:
        reviews.let_quote(booking=booking, by=request.user, may_be_quoted=wish)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        word = _("The chef may quote your review.") if wish else _("Your review is not quoted.")
        messages.success(request, word)
    return redirect("bookings:booking", pk=pk)


@form_page
@sign_in_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What a chef answers to a review, for everybody to read."""
    progress = _progress(request, pk)
    if not progress.is_owner:
        raise Http404
    if not progress.can_answer:
        return redirect("bookings:booking", pk=pk)

    def write(text: str) -> str:
        answer_review(booking=progress.booking, by=request.user, text=text, now=clock.now())
        return _("Your answer stands below the review.")

    return _filled_in(request, progress, AnswerForm, write, "bookings/answer_form.html")


def _progress(request: HttpRequest, pk: int) -> Progress:
    return Progress(reviewed_booking_of(request, pk), request.user, clock.now())


def _filled_in(
    request: HttpRequest,
    progress: Progress,
    form_class: Callable[..., forms.Form],
    write: Callable[..., str],
    template: str,
) -> HttpResponse:
    """Show the form; sent and right, write what it holds and lead back with the word for that."""
    form, status = form_class(request.POST or None), HTTPStatus.OK
    if request.method == "POST":
        form, status = form_class(request.POST), HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                word = write(**form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
                status = HTTPStatus(refusal.status)
            else:
                messages.success(request, word)
                return redirect("bookings:booking", pk=progress.booking.pk)
    context: dict[str, Any] = {"progress": progress, "form": form}
    return render(request, template, context, status=status)
