"""Which statements count as writes to which groups of tables."""

import pytest
from django.apps import apps
from django.db import models

from softfactory.kernel.db import generations


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "subscriptions_product" (name) VALUES (%s)',
        "insert or replace into subscriptions_product values (%s)",
        'UPDATE "subscriptions_product" SET "name" = %s',
        "  UPDATE ONLY public.subscriptions_product SET name = 'a;b'",
        'DELETE FROM "public"."subscriptions_product"',
        "WITH old AS (SELECT 1) DELETE FROM subscriptions_product USING old",
        "TRUNCATE django_session, subscriptions_product",
        "-- tidy up\nDELETE FROM subscriptions_product",
        "UPDATE django_session SET session_data = ''; DELETE FROM subscriptions_product",
        "SELECT 1; DELETE FROM subscriptions_product",
        "EXPLAIN ANALYZE DELETE FROM subscriptions_product",
        "EXPLAIN (ANALYZE) DELETE FROM subscriptions_product",
        "MERGE INTO subscriptions_product USING other ON 1 = 1 WHEN MATCHED THEN DELETE",
        "COPY subscriptions_product FROM STDIN",
    ],
)
def test_statements_that_write_a_table(sql):
    assert generations.groups_written(sql) == {"products"}


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT * FROM "subscriptions_product"',
        'UPDATE "django_session" SET session_data = (SELECT name FROM subscriptions_product)',
        'INSERT INTO "new__subscriptions_product" SELECT * FROM "subscriptions_product"',
        'ALTER TABLE "subscriptions_product" ADD COLUMN extra integer',
        "VACUUM subscriptions_product",
        "EXPLAIN DELETE FROM subscriptions_product",
        "EXPLAIN QUERY PLAN SELECT * FROM subscriptions_product",
        "SAVEPOINT subscriptions_product",
    ],
)
def test_statements_that_do_not(sql):
    assert generations.groups_written(sql) == frozenset()


def test_no_watched_table_is_written_by_the_database_itself():
    """A cascade in the database would pass the generations by."""
    by_the_database = (models.DB_CASCADE, models.DB_SET_NULL, models.DB_SET_DEFAULT)
    watched = [m for m in apps.get_models() if m._meta.db_table in generations._groups_of_table]
    relations = [
        field for model in watched for field in model._meta.get_fields() if field.many_to_one
    ]

    assert watched
    assert [f for f in relations if f.remote_field.on_delete in by_the_database] == []
