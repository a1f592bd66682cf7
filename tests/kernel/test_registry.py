"""Registries: one function per key, in the order of registration."""

import pytest

from softfactory.kernel.registry import Registry, due, invariants


def test_functions_come_in_the_order_of_registration():
    registry = Registry()
    registry.register("b", min)
    registry.register("a", max)

    assert list(registry.items()) == [("b", min), ("a", max)]


def test_a_key_is_taken_once():
    registry = Registry()
    registry.register("a", min)

    with pytest.raises(ValueError, match="registered already"):
        registry.register("a", max)


def test_the_kernels_own_are_there():
    assert "kernel.answers" in dict(due.items())
    assert all(callable(count) for _key, count in invariants.items())
