"""The overview over the demonstration set: one number wherever it is shown or led to."""

import datetime
import json
import re
from decimal import Decimal

import pytest

from agencies.choices import Role
from audit.models import AuditEvent
from demo import services as demo
from targets import services
from targets.models import Milestone, Observation, Target
from targets.rules import Verdict
from tests.documents import document
from tests.factories.agencies import AdministratorFactory, UserFactory
from tests.factories.plan import DocumentFactory
from tests.pages import codes, text, words, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

D = Decimal
VERDICTS = {
    "已达标": 6,
    "未达标": 2,
    "未达到力争值": 1,
    "数据待核定": 4,
    "口径变更待确认": 1,
    "目标待下达": 2,
    "数据缺失": 4,
    "不适用": 6,
}


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.fixture
def overview(leader):
    return leader.get("/dashboard/")


def row_of(answer, code):
    """What the row of a target says."""
    lines = (line for line in document(answer).every("tr") if line.every("td.newest"))
    return next(line.text for line in lines if line.one("i").text == code)


def table(answer, caption):
    """The table below a caption."""
    return next(t for t in document(answer).every("table") if caption in t.one("caption").text)


class TestNumbersLeadToTheirLists:
    def test_score(self, leader, overview):
        score = table(overview, "各阶段目标达到情况").rows()
        assert [cell.text for cell in score[0]] == [
            "2025年20项有目标", "6含待判定2", "3含力争1", "7初步4", "4",
        ]  # fmt: skip
        for line in score:
            for link in (link for cell in line[1:] for link in cell.every("a")):
                assert len({*codes(leader.get(link["href"]))}) == int(link.one("b").text)

    def test_verdicts_of_the_export(self, leader):
        _, rows = workbook(leader.get("/targets/export.xlsx"))
        found = [row["2025年判定"].value.partition("（")[0] for row in rows]
        assert {label: found.count(label) for label in VERDICTS} == VERDICTS

    def test_heat_map(self, leader, overview):
        cells = document(overview).one("table.heat").every("a[title]")
        assert len(cells) == 40
        for cell in cells:
            total = int(re.search(r"正常\d+/(\d+)", cell["title"])[1])
            assert len(codes(leader.get(cell["href"]))) == total, cell.attributes

    def test_worst(self, leader, overview):
        links = document(overview).every(".block")[0].every("a")
        for link in links:
            assert leader.get(link["href"]).status_code == 200
        assert "T21垃圾回收利用率差5.2个百分点" in words(text(overview))

    def test_projects(self, leader, overview):
        whole = leader.get("/projects/")
        assert len(codes(whole)) == 20
        _, rows = workbook(leader.get("/projects/export.xlsx"))
        totals = [row["总投资（万元）"].value for row in rows]
        assert sum(value for value in totals if value is not None) == 915822
        done = sum(row["项目状态"].value == "已竣工" for row in rows)
        assert f"20个项目：已竣工{done}" in words(text(overview))


class TestTraps:
    """Worked examples of what is easily judged wrong."""

    def test_about_names_its_tolerance_as_a_setting(self, leader, overview):
        assert "判达标在范围内判" in row_of(overview, "T04")
        page = words(text(leader.get("/targets/T04/")))
        assert "实际15.38%（最终核实），已达标，在范围内" in page
        assert "左右暂按±2%" in page
        assert "±2%（系统设置，方案未给出）" in words(text(leader.get("/targets/T04/help/")))

    def test_the_number_itself_is_not_below(self, leader):
        page = words(text(leader.get("/targets/T11/")))
        assert "2025年目标低于1.3，实际1.30（部门统计），未达标，未低于1.3。" in page

    def test_a_preliminary_value_only_looks_met(self, leader, overview):
        assert "数据待核定（初步达标），高0.60个百分点" in words(text(leader.get("/targets/T01/")))
        assert "初步达标" in row_of(overview, "T01")
        assert "T01" in codes(leader.get("/targets/?verdict=provisional"))

    def test_a_peak_has_no_target_line(self, leader):
        page = leader.get("/targets/T06/")
        names = [trace.get("name") for trace in page.context["chart"].figure["data"]]
        assert "进度要求" not in names
        assert "仍在上升，增速放缓" in words(text(page))
        assert "2030年达峰" in words(text(page))

    def test_another_basis_is_neither_joined_nor_compared(self, leader):
        page = leader.get("/targets/T19/")
        assert "数据口径与目标不同，待确认后评价" in words(text(page))
        shown = {row[1] for row in page.context["table"].rows}
        assert page.context["chart"] is None
        assert len(shown & {"86.0", "93.5"}) == 1
        assert "含出租车和网约车" in text(page)
        assert "口径变更待确认" in words(text(leader.get("/targets/?verdict=basis_changed")))

    def test_a_year_without_new_ones_is_not_applicable(self, leader):
        page = leader.get("/targets/T17/")
        row = next(r for r in document(page).table_rows() if r[0] == "2024年" and "不适用" not in r)
        assert row[1] == "—"
        assert "不适用：当期没有新建" in text(page)
        Observation.objects.filter(target__code="T17", year=2025).update(
            value=None, not_applicable=True
        )
        page = words(text(leader.get("/targets/T17/")))
        assert "当年没有新建，不适用" in page
        assert "2025年不适用（没有新建）" in page

    def test_striven_for_is_said_wherever_it_is_counted(self, leader, overview):
        assert "力争" in row_of(overview, "T07")
        assert "力争目标，不作约束" in text(leader.get("/targets/T16/"))
        assert set(codes(leader.get("/targets/?commitment=striven"))) == {"T07", "T16", "T20"}

    def test_what_a_correction_replaced_stays(self, leader):
        page = text(leader.get("/targets/T03/"))
        assert "<del>18.6</del>" in page
        assert "已被取代" in page
        assert "最终核实" in page

    def test_without_a_baseline_the_first_stretch_is_left_open_and_said(self, leader):
        page = leader.get("/targets/T16/")
        assert "基期值待补录" in words(text(page))
        required = next(t for t in page.context["chart"].figure["data"] if 2030 in t["x"])
        assert min(required["x"]) >= 2025


class TestCitysValue:
    @pytest.fixture
    def assigned(self):
        services.assign_milestone(
            milestone=Milestone.objects.get(target__code="T02", year=2025),
            value=D(18),
            document=DocumentFactory(number="长发改〔2026〕77号"),
            effective_from=datetime.date(2026, 11, 1),
            by=AdministratorFactory(),
        )

    def test_grey_while_it_is_not_known(self, leader, overview):
        assert "目标待市下达" in row_of(overview, "T02")
        assert "2030年目标待市下达，不作评价" in words(text(leader.get("/targets/T02/")))

    def test_light_verdict_and_ledger_follow_it(self, leader, overview, assigned):
        page = leader.get("/targets/T02/")
        assert "2025年目标18%以上，实际16.10%（初步核算），数据待核定（初步未达标）" in words(
            text(page)
        )
        assert page.context["detail"].judged.light.level == "red"
        later = leader.get("/dashboard/", headers={"if-none-match": overview["ETag"]})
        assert later.status_code == 200
        assert "初步未达标" in row_of(later, "T02")
        assert "以前的版本（1）" in text(page)
        leader.force_login(AdministratorFactory())
        ledger = words(text(leader.get("/history/?object=T02")))
        for part in ("改变目标值", "长发改〔2026〕77号", "待市下达", "已明确", "录入市下达值"):
            assert part in ledger, part
        assert AuditEvent.objects.filter(object_code="T02 2025", action="改变目标值").count() == 1


class TestSettled:
    """The verdicts of 2025: counted alike on both pages, and never flipped by a new value."""

    def test_counts_lead_to_their_rows_and_agree_with_the_overview(self, leader, overview):
        page = leader.get("/dashboard/2025/")
        found = page.context["all"]
        for count in (*found.verdicts, *found.states, *found.groups):
            rows = leader.get(count.url)
            assert len(rows.context["page"].rows) == count.number, count.url
        shown = {Verdict(count.url.rpartition("=")[2]): count.number for count in found.verdicts}
        assert sum(shown.values()) + len(found.others) == 26
        score = table(overview, "各阶段目标达到情况").rows()[0]
        assert int(score[1].one("b").text) == shown[Verdict.ACHIEVED]
        assert int(score[2].one("b").text) == shown[Verdict.MISSED] + shown[Verdict.FELL_SHORT]
        states = {count.label: count.number for count in found.states}
        assert f"含待判定{states['待判定']}" in score[1].text

    def test_settled_revised_and_settled_again(self, client, leader):
        reviewer = UserFactory(roles=[Role.REVIEWER])
        self.settle(client, reviewer, "T13")
        services.record_observations(
            observations=[
                Observation(
                    target=Target.objects.get(code="T13"),
                    year=2025,
                    value=D("99.2"),
                    grade="final",
                    source="竣工台账复核",
                    reason="复核",
                )
            ],
            by=reviewer,
        )
        page = words(text(client.get("/targets/T13/")))
        assert "实际99.2%（最终核实），差0.8个百分点；原按实际100.0%、目标" in page
        assert "判定为已达标，须重新判定" in page
        assert "按现有数据：未达标。重新判定以前原结论不变。" in page
        assert "须重新判定" in row_of(client.get("/dashboard/"), "T13")
        assert "T13" in codes(client.get("/targets/?verdict=achieved"))
        self.settle(client, reviewer, "T13", again="1", reason="竣工台账复核")
        page = words(text(client.get("/targets/T13/")))
        assert "实际99.2%（最终核实），未达标，差0.8个百分点。" in page
        assert "重新判定的原因：竣工台账复核" in page
        assert re.search(r"以前的判定（1）.*第1版已达标，.*已被取代。依据：实际值100", page)
        assert "T13" in codes(client.get("/targets/?verdict=missed"))

    def settle(self, client, reviewer, code, **more):
        client.force_login(reviewer)
        rows = client.get("/dashboard/2025/").context["page"].rows
        picked = [row.mark for row in rows if row.code == code]
        client.post("/dashboard/2025/settle/", {"pick": picked, "confirm": "1", **more})
        client.force_login(UserFactory(name="王敏", roles=[Role.REVIEWER]))
        (asked,) = client.get("/dashboard/2025/").context["groups"]
        keys = [row.asked.pk for row in asked.rows]
        client.post("/manage/proposals/decide/", {"pick": keys, "step": "confirm"})


class TestMarks:
    """Demonstration data are named where they are, and nowhere when they are gone."""

    PAGES = ("/dashboard/", "/targets/", "/targets/T03/", "/targets/T03/help/", "/tasks/5-1/",
             "/projects/P9/", "/agencies/", "/plan/")  # fmt: skip
    FIGURES = ("/dashboard/2025/milestones.json", "/targets/T03/figure.json")
    BOOKS = ("/targets/export.xlsx", "/targets/T03/data.xlsx", "/tasks/export.xlsx",
             "/projects/export.xlsx", "/projects/P9/export.xlsx")  # fmt: skip

    def test_while_they_are_there(self, leader):
        for address in self.PAGES:
            assert "<b>演示数据</b>" in text(leader.get(address)), address
        for address in self.FIGURES:
            assert json.loads(leader.get(address).content)["mark"] == "演示数据"
        for address in self.BOOKS:
            titles, _ = workbook(leader.get(address))
            assert any("演示数据" in title for title in titles), address

    def test_once_they_are_gone(self, leader):
        demo.remove()
        for address in self.PAGES:
            assert "演示数据" not in text(leader.get(address)), address
        for address in self.FIGURES:
            assert leader.get(address).status_code == 404, address
        for address in self.BOOKS:
            titles, _ = workbook(leader.get(address))
            assert not any("演示数据" in title for title in titles), address

    def test_a_value_that_corrected_one_of_them_stays_alone(self, leader):
        target = Target.objects.get(code="T03")
        services.record_observations(
            observations=[
                Observation(
                    target=target,
                    year=2025,
                    value=D("19.5"),
                    grade="final",
                    source="市级能源平衡表",
                    reason="最终核实",
                )
            ],
            by=AdministratorFactory(),
        )
        demo.remove()
        page = leader.get("/targets/T03/")
        assert "实际19.5%（最终核实），未达标，差0.5个百分点" in words(text(page))
        assert "演示数据" not in text(page)


class TestWithoutData:
    def test_a_plan_without_values(self, leader):
        demo.remove()
        page = leader.get("/dashboard/")
        for part in ("还不能说进展，先看方案的要求", "还没有实际值，只画目标", "还没有任务进展"):
            assert part in text(page), part
        assert "26项指标中" in words(text(page))
        detail = leader.get("/targets/T03/")
        assert "还没有2025年的年度值" in words(text(detail))
        assert "还没有数值" in text(detail)
        assert detail.context["chart"] is None
        assert "数据少于2年，不画走势" in text(detail)
        assert "≥22%" in text(detail)

    @pytest.mark.parametrize("code", ["T06", "T20"])
    def test_a_target_that_has_neither_value_nor_number(self, leader, code):
        demo.remove()
        page = leader.get(f"/targets/{code}/")
        assert page.context["chart"] is None
        assert "这项指标没有数值目标，也还没有数值" in text(page)
        assert leader.get(f"/targets/{code}/figure.json").status_code == 404

    def test_a_standing_requirement_is_a_goal(self, leader):
        demo.remove()
        page = words(text(leader.get("/targets/T12/")))
        assert "长期要求50%以上，还没有数值" in page
        assert "没有数值目标" not in page


def test_every_target_opens_with_its_clause(leader):
    for target in Target.objects.all():
        page = leader.get(target.get_absolute_url())
        assert page.status_code == 200
        for source in page.context["detail"].quotations:
            assert source.quote in text(page)
        assert leader.get(f"{target.get_absolute_url()}help/").status_code == 200
