"""Sets of tags in one number."""

from django.db.models import Max

from softfactory.kernel.db.tags import TagSet, union_of

FIELD = TagSet(tags=["a", "b", "c"])


def test_a_set_is_a_number_and_back_in_the_order_of_all():
    assert FIELD.get_prep_value(["c", "a", "c"]) == 5
    assert FIELD.from_db_value(5) == ["a", "c"]
    assert FIELD.get_prep_value([]) == 0
    assert FIELD.tags_of(0) == []


def test_what_is_no_tag_is_left_out():
    assert FIELD.get_prep_value(["x", "b"]) == 2
    assert FIELD.tags_of(8 + 2) == ["b"]


def test_a_migration_knows_the_tags():
    _name, _path, _args, options = FIELD.deconstruct()
    assert options["tags"] == ["a", "b", "c"]


def test_a_union_looks_at_each_bit():
    assert repr(union_of("column", "ab")).count(Max.__name__) == 2
