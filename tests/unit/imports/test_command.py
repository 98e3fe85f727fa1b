import io
import json

import pytest
from django.core.management import call_command

from agencies.models import Agency
from imports.models import ImportRun
from plan.models import Category, Goal
from projects.models import Project
from tasks.models import Task
from tests.factories.agencies import AgencyFactory
from tests.workflow import annexes

pytestmark = pytest.mark.django_db
PROBLEM_KEYS = {"sheet", "row", "column", "code", "severity", "message", "suggestion"}


def run(*arguments):
    """Exit status and printed text."""
    out = io.StringIO()
    try:
        call_command("import_annex", *map(str, arguments), stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def as_json(*arguments):
    status, text = run(*arguments, "--format", "json")
    return status, json.loads(text)


def nothing_written():
    models = (Agency, Category, Goal, Task, Project, ImportRun)
    return not any(model.objects.exists() for model in models)


def test_a_dry_run_reads_annex_1_with_no_agency_known_and_writes_nothing():
    status, found = as_json(annexes.ANNEX1, "--dry-run")
    assert status == 0
    assert found["table"] == "tasks"
    counts = found["counts"]
    assert (counts["new"], counts["changed"], counts["same"], counts["unreadable"]) == (38, 0, 0, 0)
    tasks = [row for row in found["rows"] if row["kind"] == "task"]
    assert len(tasks) == 32
    assert sum(row["lead"] is None for row in tasks) == 7
    assert sum(len(row["responsible"]) for row in tasks) == 112
    assert {"row", "number", "category", "title", "lead", "responsible"} <= tasks[0].keys()
    unknown = [p for p in found["problems"] if p["code"] == "unknown_agency"]
    assert len(unknown) == counts["unknown_agencies"] == 24
    assert all(problem.keys() == PROBLEM_KEYS for problem in found["problems"])
    assert nothing_written()


def test_a_dry_run_reads_annex_2():
    status, found = as_json(annexes.ANNEX2, "--dry-run")
    assert status == 0
    assert found["table"] == "projects"
    amounts = [row["total_investment_wan"] for row in found["rows"]]
    assert len(amounts) == 20
    assert amounts.count(None) == 1
    assert sum(filter(None, amounts)) == 915822
    ninth = next(row for row in found["rows"] if row["number"] == 10)
    assert (ninth["start_year"], ninth["end_year"]) == (2021, 2023)
    assert ninth["category"] == "新能源建设工程"
    assert nothing_written()


def test_known_agencies_are_not_questioned():
    AgencyFactory(name="区发展和改革局")
    _, found = as_json(annexes.ANNEX1, "--dry-run")
    assert found["counts"]["unknown_agencies"] == 23
    assert found["resolved"] == {"区发展和改革局": "区发展和改革局"}


def test_a_real_run_with_unknown_agencies_imports_nothing_and_says_which():
    status, text = run(annexes.ANNEX1)
    assert status == 1
    assert text.count("没有“") == 24
    assert "没有导入任何内容：有24个问题要先解决" in text
    assert nothing_written()


def test_a_real_run_may_create_them_and_a_second_one_writes_nothing():
    assert run(annexes.ANNEX1, "--create-agencies")[0] == 0
    assert Task.objects.count() == 32
    assert Task.objects.filter(lead=None, convenor=None).count() == 7
    before = ImportRun.objects.count()
    status, text = run(annexes.ANNEX1)
    assert status == 0
    assert "完全一致，没有写入任何内容" in text
    assert ImportRun.objects.count() == before


def test_a_row_that_cannot_be_read_fails_and_names_its_cell(tmp_path):
    name, data = annexes.changed(annexes.ANNEX2, {"G3": "约七千"})
    file = tmp_path / name
    file.write_bytes(data)
    status, found = as_json(file, "--dry-run")
    assert status == 1
    assert found["counts"]["unreadable"] == 1
    (problem,) = [p for p in found["problems"] if p["severity"] == "error"]
    assert (problem["sheet"], problem["row"], problem["column"]) == ("附件2", 3, "G")
    assert len(found["rows"]) == 20
    assert run(file, "--create-agencies")[0] == 1
    assert nothing_written()


def test_a_file_that_is_none_answers_in_json_too(tmp_path):
    file = tmp_path / "附件1.xlsx"
    file.write_bytes(b"")
    status, found = as_json(file)
    assert status == 1
    assert (found["table"], found["rows"]) == (None, [])
    (problem,) = found["problems"]
    assert problem["code"] == "empty_file"
    assert set(found["counts"].values()) == {0}


def test_a_missing_file_is_said_in_words(tmp_path):
    status, found = as_json(tmp_path / "没有.xlsx")
    assert status == 1
    assert "打不开文件" in found["problems"][0]["message"]


def test_a_sheet_can_be_named():
    status, text = run(annexes.ANNEX1, "--dry-run", "--sheet", "附件3")
    assert status == 1
    assert "没有工作表“附件3”" in text
