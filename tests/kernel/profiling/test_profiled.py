"""Profiles without silk: nothing is left of them."""

from django.conf import settings

from softfactory.kernel.profiling import profiled


def test_without_silk_the_function_itself_comes_back():
    def work():
        return 1

    assert profiled("work")(work) is work


def test_without_silk_nothing_of_it_is_in_the_way():
    installed = [*settings.MIDDLEWARE, *settings.INSTALLED_APPS]

    assert [name for name in installed if "silk" in name or "toolbar" in name] == []
