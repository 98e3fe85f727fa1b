"""The ledger of risks of a past moment: what was changed since is led back."""

import datetime

import pytest
from django.utils import timezone

from agencies.choices import Role
from audit.selectors import as_it_was
from reporting.choices import RiskLevel, RiskState
from reporting.models import Risk
from reporting.selectors.risks_then import risks_then
from reporting.services.risks import save_risk
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory


@pytest.mark.parametrize(
    ("later", "then"),
    [
        ([], {"状态": "已销号", "等级": "高"}),
        ([[["状态", "已控制", "已销号"]]], {"状态": "已控制", "等级": "高"}),
        (
            [[["状态", "未化解", "已控制"], ["等级", "", "高"]], [["状态", "已控制", "已销号"]]],
            {"状态": "未化解", "等级": ""},
        ),
        ([[["期限", "2026-12-31", "2027-01-31"]]], {"状态": "已销号", "等级": "高"}),
    ],
)
def test_the_first_later_change_says_what_was(later, then):
    assert as_it_was({"状态": "已销号", "等级": "高"}, later) == then


@pytest.mark.django_db
class TestLedger:
    @pytest.fixture
    def reviewer(self):
        return UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory(code="fgj"))

    @pytest.fixture
    def risk(self, reviewer):
        body = AgencyFactory(name="区住房和城乡建设局", short_name="区住建局")
        target = TargetFactory(code="X01")
        made = Risk(
            title="用地未落实", level="middle", measures="协调", agency=body, target=target,
            due_on=datetime.date(2026, 12, 31),
        )  # fmt: skip
        save_risk(risk=made, by=reviewer)
        return made

    def change(self, risk, reviewer, **fields):
        for name, value in fields.items():
            setattr(risk, name, value)
        save_risk(risk=risk, by=reviewer)
        return timezone.now()

    def test_each_moment_is_seen_as_it_was(self, risk, reviewer, django_assert_num_queries):
        before = risk.recorded_at - datetime.timedelta(seconds=1)
        other = AgencyFactory(name="区交通运输局", short_name="区交通局")
        project = ProjectFactory(number=16)
        moments = [
            timezone.now(),
            self.change(risk, reviewer, level="high", due_on=None),
            self.change(risk, reviewer, agency=other, target=None, project=project),
            self.change(risk, reviewer, state="controlled"),
            self.change(risk, reviewer, state="open", title="管线未迁改"),
            self.change(risk, reviewer, state="closed", closing_note="已落实"),
        ]
        with django_assert_num_queries(1):
            first = risks_then(moment=moments[0])
        found = [first, *(risks_then(moment=moment) for moment in moments[1:])]
        shown = [
            [(one.about, one.title, one.level, one.state, one.agency, one.due_on) for one in rows]
            for rows in found
        ]
        high, old, due = RiskLevel.HIGH, "区住房和城乡建设局", datetime.date(2026, 12, 31)
        is_open, controlled, closed = RiskState
        assert shown == [
            [("X01", "用地未落实", RiskLevel.MIDDLE, is_open, old, due)],
            [("X01", "用地未落实", high, is_open, old, None)],
            [("P16", "用地未落实", high, is_open, "区交通局", None)],
            [("P16", "用地未落实", high, controlled, "区交通局", None)],
            [("P16", "管线未迁改", high, is_open, "区交通局", None)],
            [("P16", "管线未迁改", high, closed, "区交通局", None)],
        ]
        assert risks_then(moment=before) == ()

    def test_the_pages_of_what_it_names_show_it_as_it_stood(self, client, risk, reviewer):
        project = ProjectFactory(number=16)
        body = AgencyFactory()
        made = Risk.objects.create(
            title="停工", level="high", agency=body, project=project, measures="调度",
            recorded_by="赵六",
        )  # fmt: skip
        Risk.objects.update(recorded_at=timezone.now() - datetime.timedelta(days=60))
        made.refresh_from_db()
        self.change(made, reviewer, state="closed", closing_note="已落实")
        client.force_login(reviewer)
        address, today = project.get_absolute_url(), timezone.localdate()

        def shown(days):
            day = today - datetime.timedelta(days=days)
            found = client.get(f"{address}?asof={day.isoformat()}").context["behind"]
            return [(one.title, one.state) for one in found.risks]

        assert shown(0) == [("停工", RiskState.CLOSED)]
        assert shown(30) == [("停工", RiskState.OPEN)]
        assert shown(90) == []

    def test_statements_do_not_grow(self, risk, reviewer, django_assert_num_queries):
        for _ in range(10):
            risk.pk, risk._state.adding = None, True
            save_risk(risk=risk, by=reviewer)
            self.change(risk, reviewer, level="high")
        with django_assert_num_queries(1):
            assert len(risks_then(moment=timezone.now())) == 11
