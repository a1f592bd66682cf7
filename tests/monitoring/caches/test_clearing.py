"""What is cleared is made anew, what is not is still there; by service, command, API and admin."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from monitoring.services.caches.clearing import clear_all, clear_prefix, clear_tag
from softfactory.kernel.db import generations
from softfactory.kernel.models import Generation
from softfactory.kernel.problems import DomainError
from tests.bookings.answers import problem, wrong_fields

pytestmark = pytest.mark.django_db(transaction=True)

CLEAR = "/api/cache/clear"
OF_CHEFS = {"chefs", "chef", "slots", "other slots", "free"}
OF_PRODUCTS = {"products", "home"}


def run(*arguments):
    output = StringIO()
    call_command("clear_cache", *arguments, stdout=output)
    return output.getvalue().split()


class TestClearing:
    def test_everything(self, made):
        assert clear_all() == sorted(generations.groups())
        assert made() == OF_CHEFS | OF_PRODUCTS
        assert made() == set()

    def test_a_tag(self, made):
        clear_tag("calendar")
        assert made() == {"slots", "other slots", "free"}
        clear_tag("chefs")
        assert made() == {"chefs", "chef", "free"}
        clear_tag("calendar:*")
        assert made() == {"free"}

    def test_one_key_of_a_tag(self, made, chef):
        assert clear_tag(f"calendar:{chef.pk}") == ["calendar:*", f"calendar:{chef.pk}"]
        assert made() == {"slots", "free"}

    def test_no_tag(self):
        for tag in ("", "nothing", "kernel", "chefs:", "chefs:1:2", "chefs,products", "chefs\n"):
            with pytest.raises(DomainError, match="calendar, chefs"):
                clear_tag(tag)

    def test_a_prefix(self, made, chef):
        assert clear_prefix("/ko/coocook") == ["calendar", "chefs"]
        assert made() == OF_CHEFS
        clear_prefix("/api/platform/")
        assert made() == OF_PRODUCTS
        clear_prefix(f"/api/coocook/chefs/{chef.pk}/slots")
        assert made() == {"slots", "free"}

    def test_a_prefix_of_nothing(self):
        for prefix in ("/cooc", "/account", "/admin", "/%00"):
            with pytest.raises(DomainError, match="below"):
                clear_prefix(prefix)

    def test_holds_when_numbers_went_back(self, made):
        """A copy of before was put back: counting on from its numbers would meet kept answers."""
        before = dict(Generation.objects.values_list("name", "number"))
        for _time in range(3):
            clear_tag("products")
            made()
        for name, number in before.items():
            Generation.objects.filter(name=name).update(number=number)
        clear_all()

        assert made() == OF_CHEFS | OF_PRODUCTS

    def test_inside_of_a_write_that_is_rolled_back_nothing_moves(self, made):
        with transaction.atomic():
            clear_tag("products")
            transaction.set_rollback(True)

        assert made() == set()
        assert not connection.moved


class TestCommand:
    def test_everything(self, made):
        assert run() == sorted(generations.groups())
        assert made() == OF_CHEFS | OF_PRODUCTS

    def test_some(self, made):
        assert run("--tag", "products") == ["products"]
        assert made() == OF_PRODUCTS
        assert run("--prefix", "/coocook") == ["calendar", "chefs"]
        assert made() == OF_CHEFS

    @pytest.mark.parametrize("only", [("--tag", "x"), ("--prefix", "/x"), ("--tag", "")])
    def test_nothing(self, only):
        with pytest.raises(CommandError, match="Nothing is kept"):
            run(*only)


class TestApi:
    def test_everything(self, made, api, dee):
        answer = api(dee).post(CLEAR)

        assert answer.status_code == 200
        assert answer.json() == {"status": "success", "moved": sorted(generations.groups())}
        assert made() == OF_CHEFS | OF_PRODUCTS

    def test_some(self, made, api, dee):
        for only in ({"tag": "products"}, {"prefix": "/api/platform"}):
            answer = api(dee).post(CLEAR, only)
            assert answer.json() == {"status": "success", "moved": ["products"]}
            assert made() == OF_PRODUCTS

    def test_a_session_may(self, browse, dee):
        assert browse(dee).post(CLEAR, {}, "application/json").status_code == 200

    def test_nothing(self, api, dee):
        for field in ("tag", "prefix"):
            assert problem(api(dee).post(CLEAR, {field: "nothing"})) == (422, f"unknown_{field}")

    def test_refuses_what_it_does_not_understand(self, made, api, dee):
        staff = api(dee)
        assert wrong_fields(staff.post(CLEAR, {"tag": 1})) == {"tag": "invalid"}
        assert wrong_fields(staff.post(CLEAR, {"prefix": ""})) == {"prefix": "blank"}
        assert wrong_fields(staff.post(CLEAR, {"prefix": "/" * 2001})) == {"prefix": "max_length"}
        assert wrong_fields(staff.post(CLEAR, {"tags": "chefs"})) == {"tags": "unknown"}
        both = {"tag": "chefs", "prefix": "/"}
        assert wrong_fields(staff.post(CLEAR, both)) == {"prefix": "either_or"}
        assert made() == set()

    def test_the_metrics_token_may_not(self, client, settings):
        settings.METRICS_TOKEN = "a-token-of-a-program-that-watches"
        headers = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}

        assert client.post(CLEAR, headers=headers).status_code == 401


class TestAdmin:
    def page(self):
        return reverse("admin:kernel_generation_changelist")

    def act(self, browser, *names):
        chosen = {"action": "clear", "_selected_action": names}
        return browser.post(self.page(), chosen, follow=True)

    def test_some(self, made, browse, dee):
        generations.move_now("products", "chefs")
        made()
        answer = self.act(browse(dee), "products")

        assert "products" in answer.text
        assert made() == OF_PRODUCTS

    def test_is_read_alone(self, chef, browse, dee):
        browser = browse(dee)
        name = Generation.objects.first().pk

        assert browser.get(self.page()).status_code == 200
        assert browser.get(reverse("admin:kernel_generation_add")).status_code == 403
        for action in ("change", "delete"):
            address = reverse(f"admin:kernel_generation_{action}", args=[name])
            assert browser.post(address, {"number": 1}).status_code == 403
