"""performance_report writes where it is told to."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def test_writes_a_file_and_says_which(tmp_path):
    said = StringIO()
    path = tmp_path / "new" / "report.html"
    call_command("performance_report", output=str(path), stdout=said)

    assert said.getvalue().strip() == str(path)
    assert path.read_text().startswith("<!DOCTYPE html>")


def test_prints_markdown():
    said = StringIO()
    call_command("performance_report", "--format=markdown", "--output=-", stdout=said)

    assert said.getvalue().startswith("# Performance of SoftFactory")


def test_keeps_them_in_a_folder_by_default():
    said = StringIO()
    call_command("performance_report", "--format=markdown", stdout=said)

    assert re.fullmatch(r".*/reports/\d{8}T\d{6}Z\.md", said.getvalue().strip())
    assert said.getvalue().startswith(str(settings.VAR_DIR))


@pytest.mark.parametrize("options", [{"days": 0}, {"output": "/proc/nowhere/report.html"}])
def test_refuses_in_a_sentence(options):
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("performance_report", **options)
