"""What tests of reports share."""

import pytest

from monitoring.services.reports.making import make_report


@pytest.fixture
def report(tmp_path, now):
    return lambda: make_report(folder=tmp_path, now=now, days=7)
