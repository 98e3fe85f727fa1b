"""The published plan, loaded once for all tests of this file."""

import datetime
import re
from decimal import Decimal

from django.db.models import Count, Sum
from django.test import TestCase

from agencies.models import Agency, AgencyAlias
from agencies.selectors import known_names
from imports.models import ImportRun
from plan.models import Category, Clause, Document, Goal
from plan.rules import compact, quotes, span_of
from projects.models import Project
from setup import services
from setup.selectors import served_record
from setup.services.published_plan import read_json, read_text
from targets.choices import (
    Commitment,
    Comparison,
    LinkOrigin,
    MilestoneState,
    Nature,
    TargetKind,
)
from targets.models import Milestone, Target, TargetSource
from targets.rules import proposed_targets
from tasks.models import Task, TaskAgency, TaskTarget

MILESTONES = [
    ("T01", 2025, Comparison.AT_LEAST, "15"),
    ("T01", 2030, Comparison.AT_LEAST, None),
    ("T02", 2025, Comparison.AT_LEAST, None),
    ("T02", 2030, Comparison.AT_LEAST, None),
    ("T03", 2025, Comparison.AT_LEAST, "20"),
    ("T03", 2030, Comparison.AT_LEAST, "22"),
    ("T04", 2025, Comparison.ABOUT, "15.38"),
    ("T04", 2030, Comparison.ABOUT, "15.38"),
    ("T05", 2025, Comparison.AT_LEAST, "51"),
    ("T05", 2030, Comparison.AT_LEAST, "60"),
    ("T06", 2030, Comparison.BY_YEAR, None),
    ("T07", 2025, Comparison.AT_LEAST, "50"),
    ("T08", 2025, Comparison.AT_MOST, None),
    ("T09", 2030, Comparison.BEFORE_YEAR, None),
    ("T10", 2025, Comparison.AT_LEAST, "99"),
    ("T11", 2025, Comparison.BELOW, "1.3"),
    ("T11", 2030, "", None),
    ("T12", None, Comparison.AT_LEAST, "50"),
    ("T13", 2025, Comparison.EQUAL, "100"),
    ("T14", 2030, Comparison.AT_LEAST, "75"),
    ("T15", 2025, Comparison.EQUAL, "100"),
    ("T16", 2030, Comparison.AT_LEAST, "75"),
    ("T17", 2025, Comparison.EQUAL, "100"),
    ("T18", 2025, Comparison.AT_LEAST, "75"),
    ("T19", 2025, Comparison.EQUAL, "100"),
    ("T20", 2025, "", None),
    ("T21", 2025, Comparison.AT_LEAST, "35"),
    ("T22", 2030, Comparison.EQUAL, "100"),
    ("T23", 2030, Comparison.AT_LEAST, "65"),
    ("T24", 2025, Comparison.AT_LEAST, "5"),
    ("T25", 2025, Comparison.AT_LEAST, "7"),
    ("T26", 2025, Comparison.AT_LEAST, "50"),
    ("T26", 2026, Comparison.AT_LEAST, "50"),
]


def codes(rows):
    return list(rows.values_list("code", flat=True))


class PublishedPlanTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        services.load_plan(by=None)

    def test_agencies_with_names_aliases_and_kinds(self):
        assert Agency.objects.count() == 40
        assert Agency.objects.get(is_coordinator=True).name == "区发展和改革局"
        assert Agency.objects.filter(kind_confirmed=False).count() == 10
        assert Agency.objects.values("short_name").distinct().count() == 40
        assert set(AgencyAlias.objects.values_list("text", flat=True)) == {
            "马栏山(长沙)视频文创管理委员会",
            "长沙金霞经济开发区",
            "长沙供水有限公司",
            "市资源规划局开福区分局",
        }
        names = known_names()
        assert names.canonical("长沙金霞经济开发区") == "长沙金霞经济开发区管理委员会"
        assert names.groups == {"各街道", "社区（村）", "各相关部门", "各相关街道"}

    def test_targets_of_each_kind(self):
        kinds = Target.objects.order_by().values_list("kind").annotate(n=Count("pk"))
        assert dict(kinds) == {
            TargetKind.REDUCTION: 3,
            TargetKind.ASSIGNED: 2,
            TargetKind.ABOUT: 1,
            TargetKind.PEAK_BY: 2,
            TargetKind.BELOW: 1,
            TargetKind.FULL_COVERAGE: 5,
            TargetKind.QUALITATIVE: 1,
            TargetKind.AT_LEAST: 11,
        }
        striven = Target.objects.filter(commitment=Commitment.STRIVEN)
        assert codes(striven) == ["T07", "T16", "T20"]
        headline = Target.objects.filter(is_headline=True)
        assert codes(headline) == ["T01", "T02", "T03", "T04", "T05", "T06"]
        assert codes(Target.objects.filter(lead=None)) == ["T08", "T09", "T21", "T22", "T23"]

    def test_milestones_by_year_nature_and_state(self):
        rows = Milestone.objects.order_by().values_list("year", "nature", "state")
        assert {row[:3]: row[3] for row in rows.annotate(n=Count("pk"))} == {
            (2025, Nature.NUMBER, MilestoneState.SET): 16,
            (2025, Nature.NUMBER, MilestoneState.PENDING): 2,
            (2025, Nature.JUDGEMENT, MilestoneState.SET): 1,
            (2026, Nature.NUMBER, MilestoneState.SET): 1,
            (2030, Nature.NUMBER, MilestoneState.SET): 7,
            (2030, Nature.NUMBER, MilestoneState.PENDING): 2,
            (2030, Nature.EVENT, MilestoneState.SET): 2,
            (2030, Nature.JUDGEMENT, MilestoneState.SET): 1,
            (None, Nature.STANDING, MilestoneState.SET): 1,
        }
        first = Milestone.objects.filter(document__is_plan=True, version=1, is_current=True)
        assert first.count() == 33

    def test_what_has_to_be_reached(self):
        rows = Milestone.objects.values_list("target__code", "year", "comparison", "value")
        assert list(rows) == [
            (code, year, comparison, None if value is None else Decimal(value))
            for code, year, comparison, value in MILESTONES
        ]

    def test_deadlines_that_can_be_read_in_two_ways(self):
        peak = Milestone.objects.get(target__code="T09")
        assert peak.due == datetime.date(2029, 12, 31)
        community = Milestone.objects.filter(target__code="T26")
        assert list(community.values_list("year", "due", "is_alternative")) == [
            (2025, datetime.date(2025, 12, 31), False),
            (2026, datetime.date(2026, 12, 31), True),
        ]
        assert not Milestone.objects.exclude(target__code="T26").filter(is_alternative=True)

    def test_baselines_that_are_known_and_missing(self):
        missing = Target.objects.filter(baseline_year=2020, baseline_value=None)
        assert codes(missing) == [
            "T03", "T05", "T07", "T10", "T13", "T15", "T16", "T18", "T19", "T21",
        ]  # fmt: skip
        assert Target.objects.get(code="T04").baseline_value == Decimal("15.38")
        reductions = Target.objects.filter(code__in=["T01", "T02", "T24", "T25"])
        assert set(reductions.values_list("baseline_value", flat=True)) == {Decimal(0)}

    def test_every_quote_stands_in_its_clause(self):
        assert TargetSource.objects.count() == 44
        for source in TargetSource.objects.select_related("clause"):
            assert quotes(source.clause.words, source.quote), source

    def test_every_quote_is_whole_phrases(self):
        for source in TargetSource.objects.select_related("clause"):
            words = f"\n{source.clause.words}\n"
            start, end = span_of(words, source.quote)
            assert words[start - 1] in "，。；\n", source
            assert words[end - 1] in "。；" or words[end] in "，。；\n", source

    def test_a_stock_of_wood_quotes_annex_1_and_the_peak_its_stricter_words(self):
        def addresses(code):
            return list(
                TargetSource.objects.filter(target__code=code).values_list(
                    "clause__address", flat=True
                )
            )

        assert addresses("T05") == ["二", "二", "附件1 一（三）", "附件1 一（六）"]
        assert addresses("T06") == ["二", "附件1 一（五）", "一（一）"]

    def test_categories_have_short_names_and_clauses(self):
        tasks = Category.objects.filter(scope="tasks")
        assert list(tasks.values_list("short_name", flat=True)) == [
            "产业绿色低碳", "低碳能源体系", "能源利用效率", "低碳集约建设", "绿色交通",
            "生态固碳增汇", "创新科技降碳", "循环经济", "低碳生活方式", "低碳试点示范",
        ]  # fmt: skip
        assert not tasks.filter(clause=None).exists()
        assert Category.objects.filter(scope="projects").count() == 6
        assert Target.objects.get(code="T26").category.name == "城市居民生活降碳工程"

    def test_the_annexes(self):
        assert Clause.objects.count() == 131
        assert Goal.objects.count() == 6
        assert Task.objects.count() == 32
        assert Task.objects.filter(lead=None).count() == 7
        assert TaskAgency.objects.count() == 112
        assert ImportRun.objects.count() == 2
        investment = Project.objects.aggregate(
            total=Sum("total_investment_wan"), values=Count("total_investment_wan")
        )
        assert investment == {"total": Decimal(915822), "values": 19}

    def test_tasks_projects_and_goals_are_tied_to_the_text(self):
        for model in (Task, Project, Goal):
            assert not model.objects.filter(clause=None).exists(), model
        assert not Task.objects.filter(annex_clause=None).exists()
        assert not Task.objects.filter(text="").exists()
        task = Task.objects.get(code="5-3")
        assert (task.clause.address, task.annex_clause.address) == ("三（五）3", "附件1 二（五）3")
        assert task.text.endswith("等按照职能分工负责）")

    def test_tasks_and_projects_serve_the_targets_of_their_clause_and_their_words(self):
        served = {task.code: codes(task.targets) for task in Task.objects.exclude(targets=None)}
        assert served == {
            "2-1": ["T03", "T07"],
            "2-2": ["T08", "T09"],
            "2-3": ["T10"],
            "2-4": ["T15"],
            "3-1": ["T01", "T02"],
            "3-2": ["T11"],
            "4-1": ["T12", "T13", "T14"],
            "4-2": ["T12"],
            "4-3": ["T03", "T07"],
            "5-1": ["T15", "T16"],
            "5-3": ["T17", "T18", "T19", "T20"],
            "6-1": ["T04", "T05"],
            "8-2": ["T21", "T22", "T23"],
            "9-3": ["T16"],
            "10-1": ["T06"],
            "10-2": ["T07", "T24", "T25"],
        }
        projects = {p.code: codes(p.targets) for p in Project.objects.exclude(targets=None)}
        assert projects == {"P3": ["T12"], "P15": ["T26"]}

    def test_each_link_says_why(self):
        origins = set(TaskTarget.objects.values_list("origin", flat=True))
        assert origins == {LinkOrigin.CLAUSE, LinkOrigin.WORDS}
        link = TaskTarget.objects.get(task__code="2-4", target__code="T15")
        assert (link.origin, link.reason) == (
            LinkOrigin.WORDS,
            "引导全区工业企业、公共充电桩、商业用户、居民充电桩等资源融入",
        )

    def test_every_transcribed_link_is_made_and_its_quote_is_whole_phrases(self):
        for row in read_json(name="links"):
            record = served_record(row["serves"])
            assert row["quote"] in re.split("[，。；\n]", record.words), row
            link = record.links.get(target__code=row["target"])
            assert (link.origin, link.reason) == (LinkOrigin.WORDS, row["quote"])

    def test_the_text_proposes_what_is_transcribed(self):
        names = dict(Target.objects.values_list("code", "name"))
        for row in read_json(name="links"):
            found = proposed_targets(served_record(row["serves"]).words, names)
            assert row["target"] in {proposed.target for proposed in found}, row

    def test_bodies_that_own_a_project_report_it_firms_do_not(self):
        reported = Project.objects.exclude(reporting_agency=None)
        assert codes(reported) == ["P1", "P13", "P14", "P15", "P17", "P19"]

    def test_the_documents(self):
        city = Document.objects.get(is_plan=False)
        assert (city.number, city.issued_on) == ("长政发〔2023〕2号", datetime.date(2023, 1, 13))
        assert Document.objects.get(is_plan=True).title == "长沙市开福区碳达峰实施方案"


def test_every_quote_stands_in_its_line_of_the_text():
    lines = read_text().splitlines()
    for row in read_json(name="targets")["targets"]:
        for source in row["sources"]:
            assert compact(source["quote"]) in compact(lines[source["line"] - 1]), source


def test_what_users_read_is_chinese():
    fields = ("definition", "formula", "release_note", "quarterly_note", "rounding", "data_source")
    for row in read_json(name="targets")["targets"]:
        texts = [row[name] for name in fields if row[name]]
        texts += [*row["traps"], *row["certainty"], *row["certainty"].values()]
        for text in texts:
            letters = [letter for letter in text if letter.isascii() and letter.isalpha()]
            assert len(letters) <= len(text) / 2, (row["code"], text)
        assert row["traps"]
        assert row["certainty"]["目标值"] == "方案原文"
