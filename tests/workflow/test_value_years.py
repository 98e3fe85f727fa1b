"""The yearly round: in July 2027 an agency owes 2026's preliminary and 2025's final value."""

import datetime
from decimal import Decimal

import pytest

from audit.models import AuditEvent
from plan.models import DataState
from reporting.answers.selectors.checking import checked_by_key
from reporting.choices import DecisionKind, ObligationState
from reporting.filling.selectors.evidence import last_evidence
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.planned_obligations import planned_obligations
from reporting.periods.services import periods
from reporting.review.selectors.unreviewed import unreviewed_values
from reporting.review.selectors.value_rounds import value_rounds
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from targets.choices import Frequency
from targets.models import Observation
from tests.documents import document
from tests.factories.cast import make_cast
from tests.factories.plan import PlanDocumentFactory
from tests.factories.reporting import filled
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.workflow.reporting_scene import decided, handed_in
from tests.workflow.test_reporting_flow import attach

pytestmark = pytest.mark.django_db

JULY = datetime.date(2027, 7, 5)
OPEN_FORM = "/fill/2027Q2/targets/T01"
VALUE = {"availability": "new", "source": "区统计局反馈"}


@pytest.fixture
def cast(clock):
    clock.move_to(JULY)
    cast = make_cast()
    cast["钱审核"].is_active = False
    cast["钱审核"].save()
    return cast


@pytest.fixture
def period(cast):
    """2027Q2, open, with a target that has a preliminary value of 2025 and a final one of 2024."""
    PlanDocumentFactory()
    target = TargetFactory(
        code="T01", name="绿色出行比例", lead=cast["张三"].agency, frequency=Frequency.ANNUAL
    )
    MilestoneFactory(target=target, year=2030, value=Decimal(75))
    ObservationFactory(target=target, year=2024, value=Decimal("64.2"), grade="final")
    ObservationFactory(target=target, year=2025, value=Decimal("65.1"), grade="preliminary")
    row = ReportingPeriod.objects.create(
        year=2027, quarter=2, asks_annual=True, opens_on=JULY,
        due_on=datetime.date(2027, 7, 23), closes_on=datetime.date(2027, 9, 30),
    )  # fmt: skip
    periods.open_period(period=row, by=None)
    row.refresh_from_db()
    return row


def obligation(year):
    return Obligation.objects.with_subjects().get(target__code="T01", value_year=year)


def fill(cast, year, **texts):
    row = obligation(year)
    edits = {name: FieldEdit(text) for name, text in (VALUE | texts).items()}
    entries.save(pk=row.pk, edits=edits, by=cast["张三"])
    return attach(row)


def approve(cast, year):
    (decision,) = reviews.approve(rounds={obligation(year).pk: 1}, by=cast["赵六"])
    return decision


def hand_in_both(cast):
    rows = [
        fill(cast, 2026, value="66.0", grade="preliminary"),
        fill(cast, 2025, value="65.3", grade="final"),
    ]
    return submissions.submit(pks=[row.pk for row in rows], by=cast["张三"], phone="0731-1")


def years_of(answer):
    """The addresses that a page offers to choose from."""
    return [link["href"] for link in document(answer).one("ul#years").every("a")]


class TestWhatIsOwed:
    def test_two_years_of_one_target(self, period, django_assert_num_queries):
        found = list(period.obligations.order_by("pk").values_list("value_year", flat=True))
        assert found == [2026, 2025]
        with django_assert_num_queries(4):
            planned_obligations(period=period)
        assert not periods.refresh(period=period, by=None).changed

    def test_a_quarterly_target_has_no_year(self, period):
        TargetFactory(code="T18", frequency=Frequency.QUARTERLY)
        periods.refresh(period=period, by=None)
        assert Obligation.objects.get(target__code="T18").value_year is None

    def test_a_final_value_from_elsewhere_ends_it_with_its_reason(self, period):
        Observation.objects.filter(year=2025).update(grade="final")
        assert periods.refresh(period=period, by=None).dropped == 1
        assert "已经取得" in obligation(2025).dropped_because
        assert obligation(2026).dropped_on is None

    def test_what_is_corrected_stays_owed(self, cast, period):
        hand_in_both(cast)
        approve(cast, 2025)
        corrections.correct(pk=obligation(2025).pk, reason="分母漏计郊区线路", by=cast["张三"])
        assert obligation(2025).state == ObligationState.DRAFT
        assert not periods.refresh(period=period, by=None).changed

    def test_the_next_quarter_asks_for_what_is_missing_only(self, cast, period):
        hand_in_both(cast)
        approve(cast, 2026)
        row = ReportingPeriod.objects.create(
            year=2027, quarter=3, opens_on=JULY, due_on=JULY, closes_on=period.closes_on
        )
        periods.open_period(period=row, by=None)
        assert list(row.obligations.values_list("value_year", flat=True)) == [2025]


class TestAddresses:
    def test_each_year_has_its_own(self, client, cast, period):
        client.force_login(cast["张三"])
        for year, words in ((2026, "2026年度（初步）"), (2025, "2025年度（最终）")):
            assert obligation(year).get_absolute_url() == f"{OPEN_FORM}@{year}/"
            page = document(client.get(f"{OPEN_FORM}@{year}/"))
            assert page.one("h1").line == f"绿色出行比例 {words}"
            assert not page.every("[name=value_period]")
            assert page.one("p.said").text == words

    def test_the_old_one_leads_to_the_choice(self, client, cast, period):
        client.force_login(cast["张三"])
        answer = client.get(f"{OPEN_FORM}/")
        assert answer.status_code == 200
        assert years_of(answer) == [f"{OPEN_FORM}@2026/", f"{OPEN_FORM}@2025/"]

    def test_the_old_one_answers_where_one_is_owed(self, client, cast, period):
        Obligation.objects.filter(value_year=2025).update(dropped_on=JULY)
        client.force_login(cast["张三"])
        assert client.get(f"{OPEN_FORM}/").context["obligation"] == obligation(2026)
        sent = {"value": "66", "v_value": "0"}
        assert client.post(f"{OPEN_FORM}/save/", sent).status_code == 200
        assert obligation(2026).texts["value"] == "66"

    @pytest.mark.parametrize(("end", "status"), [("", 409), ("correct/", 409), ("save/", 404)])
    def test_nothing_is_written_where_the_year_is_open(self, client, cast, period, end, status):
        client.force_login(cast["张三"])
        answer = client.post(f"{OPEN_FORM}/{end}", {"value": "66", "v_value": "0"})
        assert answer.status_code == status
        assert not Obligation.objects.exclude(content={}).exists()

    @pytest.mark.parametrize("code", ["T01@", "T01@2031", "T01@x", "T01@2026Q2", "T01@2026@2025"])
    def test_a_year_that_is_not_owed_is_unknown(self, client, cast, period, code):
        client.force_login(cast["张三"])
        assert client.get(f"/fill/2027Q2/targets/{code}/").status_code == 404

    def test_the_review_leads_to_the_choice_too(self, client, cast, period):
        hand_in_both(cast)
        client.force_login(cast["赵六"])
        assert client.get("/review/2027Q2/targets/T01@2025/").context["obligation"] == obligation(
            2025
        )
        answer = client.get("/review/2027Q2/targets/T01/")
        own = "/review/2027Q2/targets/T01"
        assert years_of(answer) == [f"{own}@2026/", f"{own}@2025/"]

    def test_another_agency_is_refused_at_all_of_them(self, client, cast, period):
        client.force_login(cast["王五"])
        for address in (OPEN_FORM, f"{OPEN_FORM}@2026"):
            assert client.get(f"{address}/").status_code == 403

    def test_the_ledger_of_before_stays_with_the_item(self, client, cast, period):
        for code in ("2027Q2 T01", "2027Q2 T01@2026", "2027Q2 T01@2025"):
            AuditEvent.objects.create(
                at="2027-07-05T09:00+08:00", action=f"记{code}", object_type="应报事项",
                object_code=code, actor_name="张三",
            )  # fmt: skip
        client.force_login(cast["张三"])
        page = client.get(f"{OPEN_FORM}@2026/").context["page"]
        found = {event.action for event in page.beside.events}
        assert found == {"记2027Q2 T01", "记2027Q2 T01@2026"}


class TestAnswers:
    def test_a_year_is_compared_with_the_year_before(self, cast, period):
        fill(cast, 2026, value="75.0", grade="preliminary")
        fill(cast, 2025, value="64.0", grade="final")
        found = checked_by_key(obligations=[obligation(2026), obligation(2025)])
        newer, older = found[obligation(2026).pk], found[obligation(2025).pk]
        assert (newer.facts.history[-1], older.facts.history[-1]) == (
            Decimal("65.1"), Decimal("64.2"),
        )  # fmt: skip
        (jump,) = [doubt.message for doubt in newer.doubts if doubt.code == "W1"]
        assert jump.startswith("比上年变化 +9.9 个百分点")
        assert older.facts.provisional == Decimal("65.1")

    def test_a_form_from_before_cannot_move_it_to_another_year(self, cast, period):
        edits = {"value": FieldEdit("66"), "value_period": FieldEdit("2027Q2")}
        saved = entries.save(pk=obligation(2026).pk, edits=edits, by=cast["张三"])
        assert saved.changes.keys() == {"value"}
        assert obligation(2026).texts["value_period"] == "2026"

    def test_no_change_settles_one_year_and_not_the_other(self, client, cast, period):
        client.force_login(cast["张三"])
        sent = {
            "items": [obligation(2025).pk],
            "reason": "市里尚未公布最终核实数",
            "period": "2027Q2",
        }
        client.post("/my/no-change/", sent)
        assert obligation(2025).texts["availability"] == "annual"
        assert obligation(2026).state == ObligationState.EMPTY

    def test_the_table_has_a_row_for_each(self, client, cast, period):
        client.force_login(cast["张三"])
        rows = client.get("/fill/2027Q2/grid/").context["page"].rows
        assert [(row.obligation.subject_code, row.last, row.last_when) for row in rows] == [
            ("T01@2026", "65.1", "2025"),
            ("T01@2025", "65.1", "2025"),
        ]
        sent = {f"value-{obligation(2025).pk}": "65.3", f"v_value-{obligation(2025).pk}": "0"}
        client.post("/fill/2027Q2/grid/apply/", sent)
        assert (obligation(2025).texts["value"], obligation(2026).content) == ("65.3", {})

    def test_the_home_names_the_years(self, client, cast, period):
        client.force_login(cast["张三"])
        rows = client.get("/my/?period=2027Q2").context["page"].rows
        assert [(row.code, row.name, row.last) for row in rows] == [
            ("T01@2026", "绿色出行比例 2026年度（初步）", "65.1%（2025年）"),
            ("T01@2025", "绿色出行比例 2025年度（最终）", "65.1%（2025年）"),
        ]

    @pytest.mark.parametrize(("grade", "is_offered"), [("preliminary", True), ("final", False)])
    def test_a_quarter_offers_2025_until_it_is_final(self, client, cast, period, grade, is_offered):
        target = TargetFactory(code="T18", frequency=Frequency.QUARTERLY)
        ObservationFactory(target=target, year=2025, grade=grade)
        late = ReportingPeriod.objects.create(
            year=2029, quarter=1, opens_on=JULY, due_on=JULY, closes_on=datetime.date(2029, 6, 30)
        )
        row = Obligation.objects.create(
            period=late, agency=cast["张三"].agency, kind="target", target=target
        )
        client.force_login(cast["张三"])
        options = client.get(row.get_absolute_url()).context["page"].fields["value_period"].options
        assert ("2025" in [one.value for one in options]) is is_offered
        assert {"2029Q1", "2028", "2027", "2026"} <= {one.value for one in options}

    def test_files_of_the_same_year_are_offered_again(self, cast, period):
        hand_in_both(cast)
        for year in (2026, 2025):
            approve(cast, year)
        late = ReportingPeriod.objects.create(
            year=2027, quarter=3, opens_on=JULY, due_on=JULY, closes_on=JULY
        )
        for year in (2026, 2025):
            row = obligation(year)
            again = Obligation(
                period=late, agency=row.agency, kind="target", target=row.target, value_year=year
            )
            assert [file.obligation_id for file in last_evidence(obligation=again)] == [row.pk]


class TestReview:
    def test_one_is_approved_and_the_other_returned(self, client, cast, period):
        receipt = hand_in_both(cast)
        assert [copy.texts["value_period"] for copy in receipt.items.order_by("pk")] == [
            "2026", "2025",
        ]  # fmt: skip
        approve(cast, 2026)
        reviews.give_back(
            pk=obligation(2025).pk, round=1, comment="附最终核实文件", by=cast["赵六"]
        )
        values = Observation.objects.filter(is_current=True).order_by("year")
        assert [(row.year, row.quarter, row.value, row.grade) for row in values] == [
            (2024, None, Decimal("64.2"), "final"),
            (2025, None, Decimal("65.1"), "preliminary"),
            (2026, None, Decimal("66.0"), "preliminary"),
        ]
        assert (obligation(2026).state, obligation(2025).state) == ("approved", "returned")
        client.force_login(cast["张三"])
        page = client.get("/my/?period=2027Q2").context["page"]
        assert [row.code for row in page.mine if row.state == ObligationState.RETURNED] == [
            "T01@2025"
        ]

    def test_the_final_value_is_a_version_of_its_own_year(self, cast, period):
        hand_in_both(cast)
        approve(cast, 2025)
        versions = Observation.objects.filter(year=2025).order_by("version")
        assert [(row.grade, row.is_current) for row in versions] == [
            ("preliminary", False), ("final", True),
        ]  # fmt: skip
        reviews.undo(decisions=[obligation(2025).decisions.get().pk], by=cast["赵六"])
        assert Observation.objects.get(year=2025, is_current=True).grade == "preliminary"

    def test_a_rate_is_cleared_in_its_own_year(self, cast, period):
        ObservationFactory(target=obligation(2026).target, year=2026, annual_rate=Decimal("3.2"))
        for year, rate in ((2026, "3.2"), (2025, "")):
            row = obligation(year)
            for told in ({"annual_rate": rate}, {}):
                filled(row, VALUE | {"value": "66"} | told, by=cast["张三"], state="submitted")
                round_ = handed_in(row)
                if row.rounds.count() == 1:
                    decided(row, DecisionKind.APPROVED, item=round_)
        reviews.approve(rounds={obligation(2026).pk: 2, obligation(2025).pk: 2}, by=cast["赵六"])
        assert Observation.objects.get(year=2026, is_current=True).annual_rate is None

    def test_both_wait_by_their_years(self, client, cast, period):
        hand_in_both(cast)
        DataState.touch()
        waiting = unreviewed_values(reader=cast["赵六"])
        assert [one.year for one in waiting.values.values[obligation(2026).target_id]] == [
            2025,
            2026,
        ]
        target = obligation(2026).target_id
        assert waiting.values.urls[target] == "/review/2027Q2/targets/T01@2026/jtj/"
        assert {one.period.year for one in value_rounds(target=target).waiting} == {2025, 2026}
        client.force_login(cast["赵六"])
        queue = client.get("/review/?period=2027Q2").context["queue"]
        found = {
            row.obligation.subject_code: (row.last_words, row.change_words) for row in queue.rows
        }
        assert found == {"T01@2026": ("65.1%", "+0.9"), "T01@2025": ("64.2%", "+1.1")}
