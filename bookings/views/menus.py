"""A chef's menus, for its owner: what is offered, and writing one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.forms import MenuForm
from bookings.models import Chef, Menu
from bookings.services.menus import create_menu, edit_menu, remove_picture, set_picture
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@require_safe
@sign_in_required
def list_menus(request: HttpRequest, pk: int) -> HttpResponse:
    """All menus of one's chef, those that are offered and those that were withdrawn."""
    chef = _own_chef(request, pk)
    menus = Menu.objects.of_chef(chef.pk).order_by("-is_active", "-pk")
    return render(request, "bookings/menu_list.html", {"chef": chef, "menus": list(menus)})


@form_page
@sign_in_required
def new_menu(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one more menu."""
    return _written(request, _own_chef(request, pk), None)


@form_page
@sign_in_required
def show_menu(request: HttpRequest, pk: int, menu: int) -> HttpResponse:
    """Change a menu."""
    chef = _own_chef(request, pk)
    return _written(request, chef, get_object_or_404(Menu.objects.of_chef(chef.pk), pk=menu))


@form_page
@sign_in_required
def offer_menu(request: HttpRequest, pk: int, menu: int) -> HttpResponse:
    """Withdraw a menu, or offer it again."""
    chef = _own_chef(request, pk)
    row = get_object_or_404(Menu.objects.of_chef(chef.pk), pk=menu)
    if request.method == "POST":
        edit_menu(menu=row, versions=None, changes={"is_active": not row.is_active})
        messages.success(request, _("Withdrawn.") if row.is_active else _("Offered again."))
    return redirect("bookings:menus", pk=chef.pk)


def _written(request: HttpRequest, chef: Chef, menu: Menu | None) -> HttpResponse:
    form, status = MenuForm(chef, menu), HTTPStatus.OK
    if request.method == "POST":
        form, status = MenuForm(chef, menu, request.POST, request.FILES), HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                _save(chef, menu, form)
            except DomainError as refusal:
                field = "picture" if refusal.code.startswith("picture") else None
                form.add_error(field, refusal.message)
                status = HTTPStatus(refusal.status)
            else:
                messages.success(request, _("Saved. Guests see it on your page."))
                return redirect("bookings:menus", pk=chef.pk)
    context = {"chef": chef, "menu": menu, "form": form}
    return render(request, "bookings/menu_form.html", context, status=status)


def _save(chef: Chef, menu: Menu | None, form: MenuForm) -> None:
    details = form.details
    if menu is None:
        menu = create_menu(chef=chef, details=details)
    else:
        menu = edit_menu(menu=menu, versions=None, changes=details)
    if upload := form.cleaned_data["picture"]:
        set_picture(menu=menu, content=upload.read(), alt=details["picture_alt"])
    elif form.cleaned_data.get("no_picture"):
        remove_picture(menu=menu, versions=None)


def _own_chef(request: HttpRequest, pk: int) -> Chef:
    return get_object_or_404(Chef.objects.owned_by(request.user), pk=pk)
