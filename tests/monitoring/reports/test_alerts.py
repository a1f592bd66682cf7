"""What fired is listed."""

from datetime import timedelta

import pytest

from monitoring.models import AlertRule
from monitoring.services.reports.markdown import as_markdown
from monitoring.services.reports.page import as_page
from tests.monitoring.reports.making import HOSTILE

pytestmark = pytest.mark.django_db


def test_lists_what_fired(report, now):
    rule = AlertRule.objects.get(key="error-rate")
    rule.name = HOSTILE
    rule.save()
    rule.alerts.create(
        state="resolved",
        opened_at=now - timedelta(hours=2),
        fired_at=now - timedelta(hours=2),
        resolved_at=now - timedelta(hours=1),
        threshold=1,
        worst_value=7,
        last_value=0,
    )
    made = report()

    (row,) = made.parts[-1].tables[0].rows
    assert row[0] == HOSTILE
    assert row[3] == "60"
    assert "<script" not in as_page(made)
    assert "<script" not in as_markdown(made)
