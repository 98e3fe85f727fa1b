"""Matters of a past moment: what was changed since is led back."""

import datetime

import pytest
from django.utils import timezone

from agencies.choices import Role
from audit.selectors import as_it_was
from reporting.choices import MatterKind, MatterState, RiskLevel
from reporting.matters.selectors.asof import matters_asof, matters_now
from reporting.matters.selectors.lines import NextActor
from reporting.matters.services import matters
from reporting.models import Instruction, Matter
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import RiskFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory


@pytest.mark.parametrize(
    ("later", "then"),
    [
        ([], {"状态": "已销号", "等级": "高"}),
        ([[["状态", "办理中", "已销号"]]], {"状态": "办理中", "等级": "高"}),
        (
            [[["状态", "已研判", "办理中"], ["等级", "", "高"]], [["状态", "办理中", "已销号"]]],
            {"状态": "已研判", "等级": ""},
        ),
        ([[["期限", "2026-12-31", "2027-01-31"]]], {"状态": "已销号", "等级": "高"}),
    ],
)
def test_the_first_later_change_says_what_was(later, then):
    assert as_it_was({"状态": "已销号", "等级": "高"}, later) == then


@pytest.mark.django_db
class TestMatters:
    @pytest.fixture
    def reviewer(self):
        return UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory(code="fgj"))

    @pytest.fixture
    def body(self):
        return AgencyFactory(name="区住房和城乡建设局", short_name="区住建局")

    @pytest.fixture
    def matter(self, body):
        made = Matter(title="用地未落实", text="手续未办", target=TargetFactory(code="X01"))
        by = UserFactory(roles=[Role.REPORTER], agency=body)
        return matters.report(matter=made, by=by)

    def assess(self, matter, reviewer, **fields):
        for name, value in fields.items():
            setattr(matter, name, value)
        matters.assess(matter=matter, text="属实", by=reviewer)
        return timezone.now()

    def test_each_moment_is_seen_as_it_was(self, matter, body, reviewer, django_assert_num_queries):
        before = matter.reported_at - datetime.timedelta(seconds=1)
        other = AgencyFactory(name="区交通运输局", short_name="区交通局")
        risk = {"in_ledger": True, "level": "high", "measures": "协调"}
        moments = [timezone.now(), self.assess(matter, reviewer, handler=body, **risk)]
        moments.append(
            self.assess(
                matter, reviewer, handler=other, target=None, project=ProjectFactory(number=16)
            )
        )
        words = Instruction(leader="孙领导", day=timezone.localdate(), text="抓紧")
        matters.instruct(matter=matter, instruction=words, by=reviewer)
        moments.append(timezone.now())
        with django_assert_num_queries(1):
            first = matters_asof(moment=moments[0])
        found = [first, *(matters_asof(moment=moment) for moment in moments[1:])]
        shown = [
            [
                (one.about, one.said, one.level, one.handler, one.waits, bool(one.word))
                for one in rows
            ]
            for rows in found
        ]
        high, leader = RiskLevel.HIGH, NextActor.LEADER
        assert shown == [
            [("X01", "已提出", None, "", leader, False)],
            [("X01", "已研判", high, "区住房和城乡建设局", leader, False)],
            [("P16", "已研判", high, "区交通局", leader, False)],
            [("P16", "已批示", high, "区交通局", NextActor.HANDLER, True)],
        ]
        assert matters_asof(moment=before) == ()
        assert matters_now() == found[-1]

    def test_a_past_day_knows_what_waited_then(self, matter, body, reviewer, clock):
        clock.move_by(datetime.timedelta(days=3))
        self.assess(matter, reviewer, kind=MatterKind.URGE)
        assert [line.waits for line in matters_now()] == [NextActor.BUREAU]
        asof = matter.reported_at + datetime.timedelta(hours=1)
        assert [line.waits for line in matters_asof(moment=asof)] == [NextActor.LEADER]

    def test_the_pages_of_what_it_names_show_it_as_it_stood(self, client, reviewer):
        project = ProjectFactory(number=16)
        long_ago = timezone.now() - datetime.timedelta(days=60)
        made = RiskFactory(title="停工", project=project, reported_at=long_ago)
        self.assess(made, reviewer, title="停工两个月")
        client.force_login(reviewer)
        address, today = project.get_absolute_url(), timezone.localdate()

        def shown(days):
            day = today - datetime.timedelta(days=days)
            found = client.get(f"{address}?asof={day.isoformat()}").context["behind"]
            return [(one.title, one.state) for one in found.matters]

        assert shown(0) == [("停工两个月", MatterState.ASSESSED)]
        assert shown(30) == [("停工", MatterState.ASSESSED)]
        assert shown(90) == []

    def test_statements_do_not_grow(self, reviewer, django_assert_num_queries):
        for _ in range(11):
            self.assess(RiskFactory(), reviewer, level="high")
        with django_assert_num_queries(1):
            assert len(matters_asof(moment=timezone.now())) == 11
