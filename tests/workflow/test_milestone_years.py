"""A milestone year in its own time: looked ahead to, waiting for values, settled by two persons."""

import datetime
import re
from decimal import Decimal

import pytest

from agencies.choices import Role
from plan.models import Document
from targets import services
from targets.models import Milestone, Observation, Settlement, Target
from tests.factories.agencies import UserFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory
from tests.pages import text, words, workbook

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_server,
    pytest.mark.usefixtures("demonstration"),
]

PAGE = "/dashboard/2030/"
PAGES = (
    "/dashboard/", "/dashboard/2025/", PAGE, "/dashboard/wall/", "/dashboard/print/", "/targets/",
    "/targets/export.xlsx", "/dashboard/2025/export.xlsx", "/dashboard/2030/export.xlsx",
    "/manage/rules/lights/",
    *(f"/targets/{code}/" for code in ("T01", "T03", "T04", "T06", "T12", "T20", "T26")),
)  # fmt: skip
DAYS = (
    datetime.date(2025, 12, 31),
    datetime.date(2026, 1, 1),
    datetime.date(2030, 12, 31),
    datetime.date(2031, 1, 1),
    datetime.date(2031, 2, 1),
    datetime.date(2036, 6, 1),
)


def sign_in(client, *roles):
    user = UserFactory(roles=roles)
    client.force_login(user)
    return user


def heading(client, address=PAGE):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words(text(answer).partition("<h1")[2].partition("</h1>")[0].partition(">")[2])


def said(client, address=PAGE):
    return words(text(client.get(address)))


def record(code, value, by, year=2030, grade="final"):
    row = Observation(
        target=Target.objects.get(code=code),
        year=year,
        value=Decimal(value),
        grade=grade,
        source="市统计局反馈",
    )
    services.record_observations(observations=[row], by=by)


def propose(client, *codes, **more):
    page = text(client.get(PAGE))
    picked = [mark(page, code) for code in codes]
    return client.post(f"{PAGE}settle/", {"pick": picked, "confirm": "1", **more}, follow=True)


def mark(page, code):
    before = re.split(rf">\s*{code}\s*</label>", page)[0]
    return before.rpartition('value="')[2].partition('"')[0]


def confirm(client):
    """By another reviewer."""
    sign_in(client, Role.REVIEWER)
    keys = [row.asked.pk for group in client.get(PAGE).context["groups"] for row in group.rows]
    data = {"pick": keys, "step": "confirm", "back": PAGE}
    return client.post("/manage/proposals/decide/", data, follow=True)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_page_answers_on_every_day(client, clock, day):
    clock.move_to(day)
    sign_in(client, Role.LEADER)
    for address in PAGES:
        assert client.get(address).status_code == 200, address


def test_a_year_is_looked_ahead_to_until_it_is_over(client, clock):
    clock.move_to(datetime.date(2030, 12, 31))
    sign_in(client, Role.LEADER)
    assert heading(client) == "2030年展望"
    assert heading(client, "/dashboard/2025/") == "2025年判定"
    clock.move_to(datetime.date(2031, 1, 1))
    sign_in(client, Role.LEADER)
    assert heading(client) == "2030年判定"
    assert "24项目标（含力争2项）：待数据，还没有一项年度值" in said(client)
    assert client.get("/dashboard/2030/outlook.json").status_code == 404


def test_a_year_that_is_no_milestone_has_no_page(client):
    sign_in(client, Role.LEADER)
    for address in ("/dashboard/2027/", "/dashboard/2027/export.xlsx", "/dashboard/2035/"):
        assert client.get(address).status_code == 404, address


def test_2030_is_settled_by_two_reviewers_in_2031(client, clock):
    clock.move_to(datetime.date(2031, 2, 24))
    first = sign_in(client, Role.REVIEWER)
    record("T03", "21.4", first)
    record("T05", "61", first)
    record("T14", "75", first, grade="preliminary")
    page = said(client)
    assert "还没有一项判定，还有2项可以判定" in page
    assert "T14" in page
    propose(client, "T03", "T05")
    assert not Settlement.objects.filter(year=2030).exists()
    assert "您提出2项，等另一人确认" in said(client)
    confirm(client)
    known = Settlement.objects.filter(year=2030, is_current=True)
    assert dict(known.values_list("target__code", "verdict")) == {
        "T03": "missed",
        "T05": "achieved",
    }
    page = said(client)
    assert "2030年24项目标（含力争2项）：判定2项（已达标1、未达标1）" in page
    assert "未完成的目标继续有效" in page
    assert "没有下一个目标年，目标继续有效" in page
    assert "2025年判定" in page


def test_what_was_settled_leads_pages_and_workbooks(client, clock):
    clock.move_to(datetime.date(2031, 2, 24))
    first = sign_in(client, Role.REVIEWER)
    record("T03", "22.6", first)
    propose(client, "T03")
    confirm(client)
    titles, rows = workbook(client.get("/dashboard/2030/export.xlsx"))
    assert any("2030年24项目标" in title for title in titles if title)
    (row,) = [row for row in rows if row["编号"].value == "T03"]
    assert [row[name].value for name in ("2030年目标", "结论", "判定")] == [
        "≥22%",
        "已达标",
        "已判定",
    ]
    assert "2030年24项有目标1" in said(client, "/dashboard/")
    assert "2030年判定" in said(client, "/targets/T03/")
    titles, rows = workbook(client.get("/dashboard/2025/export.xlsx"))
    (row,) = [row for row in rows if row["编号"].value == "T03"]
    assert row["2025年目标"].value == "≥20%"


def test_the_page_of_a_target_tells_the_verdict_on_what_it_keeps(client, clock):
    clock.move_to(datetime.date(2031, 2, 24))
    first = sign_in(client, Role.REVIEWER)
    record("T21", "38.4", first)
    propose(client, "T21")
    confirm(client)
    assert "2030年判定已达标" in said(client, "/targets/T21/")


def test_a_peak_is_recognised_in_its_year(client, clock):
    clock.move_to(datetime.date(2031, 2, 24))
    sign_in(client, Role.REVIEWER)
    peak = Milestone.objects.get(target__code="T06", year=2030, is_current=True)
    data = {
        "verdict": "achieved",
        "document": DocumentFactory().pk,
        "note": "按市里核定的排放总量",
    }
    address = f"{PAGE}{peak.pk}/recognise/"
    assert "2030年判定" in said(client, address)
    answer = client.post(address, data, follow=True)
    assert "已提出认定T06的2030年目标" in words(text(answer))
    assert client.get(f"/dashboard/2025/{peak.pk}/recognise/").status_code == 404
    confirm(client)
    assert Settlement.objects.get(year=2030, target__code="T06").verdict == "achieved"


def test_a_goal_beyond_the_plan_has_a_path_and_a_place(client, clock):
    target = Target.objects.get(code="T03")
    MilestoneFactory(target=target, year=2035, due=datetime.date(2035, 12, 31), value=Decimal(26))
    sign_in(client, Role.LEADER)
    assert heading(client, "/dashboard/2035/") == "2035年展望"
    assert "26%" in said(client, "/dashboard/2035/")
    assert "2030年，按现趋势" in said(client, "/dashboard/")
    figure = client.get("/targets/T03/figure.json").json()["wide"]
    assert 2035 in figure["layout"]["xaxis"]["tickvals"]
    clock.move_to(datetime.date(2031, 2, 24))
    first = sign_in(client, Role.REVIEWER)
    record("T03", "21.4", first)
    propose(client, "T03")
    confirm(client)
    assert "未完成的结转至2035年" in said(client)


def test_the_years_are_those_that_the_plan_names(client):
    Document.objects.filter(is_plan=True).update(milestone_years=[2025, 2028, 2030])
    sign_in(client, Role.LEADER)
    assert heading(client, "/dashboard/2028/") == "2028年展望"
    assert "2028年，按现趋势" in said(client, "/dashboard/")
