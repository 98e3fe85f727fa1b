"""左右 has no official tolerance: what ours misses is provisional until a document confirms it."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Role
from records.asof import AsOf
from targets import rules, selectors, services
from targets.choices import ProposalState, SettledVerdict, TargetKind
from targets.models import JudgingRule, Settlement
from targets.rules import Goal, Level, Settled, Terms, Verdict
from targets.selectors.settling import settled_year
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D, actual


def about(value, grade="final", goal="20", **more):
    goals = (Goal(2025, comparison="about", value=D(goal)),)
    return Terms(
        "about", goals, (actual(2025, value, grade),), pace="hold", unit="%", decimals=1, **more
    )


def judged(terms):
    return rules.judge(terms, 2025, today_year=2026)


class TestVerdict:
    def test_about_twenty_is_not_missed_by_our_own_tolerance(self):
        """Officially 19.1 % fulfilled 20%左右 (NDRC 公告2011年第9号); ours would be 19.6—20.4."""
        found = judged(about("19.1"))
        assert (found.verdict, found.outcome) == (Verdict.PROVISIONAL, Verdict.MISSED)
        assert found.label == "初步未达标，容差待确认"
        assert found.level == Level.ORANGE
        assert "初步未达标，容差待确认" in rules.verdict_sentence(about("19.1"), found)

    def test_a_confirmed_tolerance_that_holds_it_is_kept(self):
        terms = about("19.1", is_tolerance_confirmed=True, tolerance_percent=D(5))
        assert judged(terms).verdict == Verdict.ACHIEVED
        narrow = replace(terms, tolerance_percent=D(2))
        assert judged(narrow).verdict == Verdict.MISSED

    def test_what_is_not_final_says_so_first(self):
        found = judged(about("19.1", "preliminary"))
        assert found.label == "数据待核定（初步未达标，容差待确认）"

    def test_what_is_striven_for_has_its_own_word(self):
        assert judged(about("19.1", is_striven=True)).label == "初步未达到力争值，容差待确认"

    @given(value=st.decimals("10", "30", places=2), percent=st.decimals("0.5", "20", places=1))
    def test_never_missed_without_a_document(self, value, percent):
        terms = about(value, tolerance_percent=percent)
        open_, closed = judged(terms), judged(replace(terms, is_tolerance_confirmed=True))
        assert open_.verdict in {Verdict.ACHIEVED, Verdict.PROVISIONAL}
        assert open_.outcome == closed.verdict
        assert open_.waits_for_tolerance == (closed.verdict == Verdict.MISSED)


@pytest.mark.django_db
class TestStored:
    @pytest.fixture
    def cast(self):
        return make_cast() | {"周审核": UserFactory(name="周审核", roles=[Role.REVIEWER])}

    @pytest.fixture
    def target(self):
        facts = {"kind": TargetKind.ABOUT, "pace": "hold", "decimals": 1}
        target = TargetFactory(code="T04", tolerance_percent=D(2), **facts)
        MilestoneFactory(target=target, value=D(20), comparison="about")
        ObservationFactory(target=target, value=D("19.1"), grade="final")
        return target

    def settle(self, target, by):
        value = target.observations.get()
        return services.settle(
            milestone=target.milestones.get(), observation=value, by=by, proposed_by="李敏"
        )

    def propose(self, target, by, percent="2", **facts):
        values = {"document": DocumentFactory(), "confirmed_on": datetime.date(2026, 6, 1)}
        return services.propose_tolerance(
            target=target, percent=D(percent), by=by, **values | facts
        )

    @pytest.mark.usefixtures("of_2026q3")
    def test_it_cannot_be_settled_as_missed(self, cast, target):
        with pytest.raises(ValidationError, match="容差还没有依据文件确认，现在不能判定为未达标"):
            self.settle(target, cast["赵六"])
        assert selectors.judged_targets()[0].verdict_words == "初步未达标，容差待确认"

    def test_confirmed_by_another_it_settles(self, cast, target):
        proposal = self.propose(target, cast["赵六"])
        with pytest.raises(PermissionDenied):
            services.confirm(keys=[proposal.pk], by=cast["赵六"])
        services.confirm(keys=[proposal.pk], by=cast["周审核"])
        target.refresh_from_db()
        assert target.tolerance_confirmed_on == datetime.date(2026, 6, 1)
        assert self.settle(target, cast["赵六"]).verdict == "missed"

    def confirm(self, target, cast, month, percent, **facts):
        """Confirmed on the first of a month, whatever day its document has."""
        facts |= {"confirmed_on": datetime.date(2026, month - 1, 15)}
        asked = self.propose(target, cast["赵六"], percent, **facts)
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        zone = timezone.get_current_timezone()
        decided = datetime.datetime(2026, month, 1, 15, tzinfo=zone)
        type(asked).objects.filter(pk=asked.pk).update(decided_at=decided)
        target.refresh_from_db()

    def test_a_past_day_keeps_the_tolerance_then_in_force(self, cast, target):
        """Ours until 1 June, 5 % from then, 3 % from 1 August; the documents were older."""
        zone = timezone.get_current_timezone()
        target.observations.update(recorded_at=datetime.datetime(2026, 4, 1, tzinfo=zone))
        self.confirm(target, cast, 6, "5", document=DocumentFactory(number="统〔2026〕5号"))
        self.confirm(target, cast, 8, "3", document=DocumentFactory(number="统〔2026〕7号"))
        days = [(5, 31), (6, 1), (7, 31), (8, 1)]
        found = [AsOf(datetime.date(2026, *day)) for day in days]
        judged = [selectors.judged_targets(asof=asof)[0] for asof in found]
        assert [row.verdict_words for row in judged] == [
            "初步未达标，容差待确认", "已达标", "已达标", "未达标",
        ]  # fmt: skip
        assert [row.terms.tolerance.percent for row in judged] == [2, 5, 5, 3]
        pages = [selectors.target_detail(code="T04", asof=asof) for asof in found]
        words = [dict(page.rule_rows)["左右容差"] for page in pages]
        assert words[0] == "±2%（系统设置，方案未给出）"
        assert "统〔2026〕5号" in words[1]
        assert words[1] == words[2]
        assert words[2].endswith("2026年5月15日确认）")
        assert "统〔2026〕7号" in words[3]
        now = dict(selectors.target_detail(code="T04").rule_rows)["左右容差"]
        assert now == words[3]

    def test_it_takes_two_where_one_person_may_settle(self, cast, target):
        JudgingRule.objects.create(
            version=2, valid_from="2026-01-01", near_percent=10, tolerance_percent=2,
            caps_striven=True, needs_second=False, reason="只有一名审核员",
        )  # fmt: skip
        assert self.propose(target, cast["赵六"]).state == ProposalState.OPEN
        target.refresh_from_db()
        assert target.tolerance_confirmed_on is None

    def test_a_wider_one_keeps_it(self, cast, target):
        services.confirm(keys=[self.propose(target, cast["赵六"], "5").pk], by=cast["周审核"])
        assert self.settle(target, cast["赵六"]).verdict == "achieved"

    @pytest.mark.usefixtures("of_2026q3")
    def test_what_was_settled_as_missed_before_has_to_be_settled_again(self, cast, target):
        Settlement.objects.create(
            target=target,
            year=2025,
            milestone=target.milestones.get(),
            observation=target.observations.get(),
            tolerance_percent=D(2),
            verdict=SettledVerdict.MISSED,
            grounds="以前的判定",
        )
        row = settled_year(year=2025).rows[0]
        assert row.state == Settled.OUTDATED
        assert row.changed_words == "左右容差±2%还没有依据文件确认"
        assert selectors.judged_targets()[0].is_outdated
        services.confirm(keys=[self.propose(target, cast["赵六"]).pk], by=cast["周审核"])
        assert settled_year(year=2025).rows[0].state == Settled.STANDS
        assert not selectors.judged_targets()[0].is_outdated

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"percent": "0"}, "左右容差须大于0"),
            ({"percent": "20.01"}, "左右容差须大于0"),
            ({"confirmed_on": datetime.date(2999, 1, 1)}, "确认日期不能晚于今天"),
        ],
    )
    def test_what_is_refused(self, cast, target, facts, words):
        with pytest.raises(ValidationError, match=words):
            self.propose(target, cast["赵六"], **facts)
        with pytest.raises(ValidationError, match="只有“左右”的目标有容差"):
            self.propose(TargetFactory(), cast["赵六"])

    def test_one_changed_meanwhile_is_proposed_anew(self, cast, target):
        proposal = self.propose(target, cast["赵六"])
        type(target).objects.filter(pk=target.pk).update(tolerance_percent=D(3))
        with pytest.raises(ValidationError, match="在提出以后改过"):
            services.confirm(keys=[proposal.pk], by=cast["周审核"])

    def test_the_page_proposes(self, client, cast, target):
        client.force_login(cast["赵六"])
        page = f"/targets/{target.code}/"
        assert f"{page}tolerance/" in client.get(page).content.decode()
        typed = {
            "percent": "2",
            "document": str(DocumentFactory().pk),
            "confirmed_on": timezone.localdate().isoformat(),
        }
        told = client.post(f"{page}tolerance/", typed, follow=True).content.decode()
        assert "由另一位审核员确认后生效" in told
        assert target.proposals.get().content["percent"] == "2"

    def test_the_pages_say_by_which_document(self, client, cast, target):
        document = DocumentFactory(title="统计局关于左右的说明")
        asked = self.propose(target, cast["赵六"], document=document)
        client.force_login(cast["周审核"])
        listed = client.get("/manage/proposals/").content.decode()
        assert "左右容差±2%，依据" in listed
        data = {"pick": [asked.pk], "step": "confirm"}
        client.post("/manage/proposals/decide/", data)
        page = f"/targets/{target.code}/"
        words = "2026年6月1日确认"
        assert words in client.get(f"{page}help/").content.decode()
        assert words in client.get(f"{page}tolerance/").content.decode()
