"""The page of the judging rules: read by all, changed by a few, with a preview that counts."""

import datetime

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from targets import selectors, services
from targets.choices import Commitment
from targets.models import JudgingRule
from targets.rules import JudgingRules, Level
from tests.factories.cast import make_cast
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D

pytestmark = pytest.mark.django_db
URL = "/manage/rules/lights/"
CHANGE = f"{URL}change/"
REASON = "按工作例会要求调整"


@pytest.fixture
def cast():
    return make_cast()


def share(code, value, **facts):
    """A share that has to be 75 in 2025 and is `value`."""
    target = TargetFactory(code=code, short_name=f"{code}比例", decimals=2, **facts)
    MilestoneFactory(target=target, value=D(75))
    ObservationFactory(target=target, value=D(value))
    return target


def typed(**values):
    facts = {
        "method": "level",
        "near_percent": "10",
        "tolerance_percent": "2",
        "caps_striven": "on",
        "needs_second": "on",
        "valid_from": timezone.localdate().isoformat(),
        "reason": REASON,
        "step": "preview",
    }
    return facts | values


def page(answer):
    return answer.content.decode()


def confirmed(client, **values):
    """Preview, then confirm what was seen."""
    shown = client.post(CHANGE, typed(**values))
    return client.post(
        CHANGE, typed(**values, step="confirm", seen=shown.context["mark"]), follow=True
    )


@pytest.mark.parametrize("name", ["张三", "钱审核", "王五", "赵六", "孙领导", "管理员"])
def test_everyone_reads_and_two_change(client, cast, name):
    client.force_login(cast[name])
    may = name in {"赵六", "管理员"}
    text = page(client.get(URL))
    assert "现行第1版" in text
    assert "发改办环资〔2020〕901号" in text
    assert (CHANGE in text) == may
    for method in (client.get, client.post):
        assert (method(CHANGE).status_code == 200) == may
        assert may or method(CHANGE).status_code == 403
    client.post(CHANGE, typed(near_percent="5", step="confirm", seen="x"))
    assert not JudgingRule.objects.exists()


class TestChange:
    @pytest.fixture(autouse=True)
    def reviewer(self, client, cast):
        client.force_login(cast["赵六"])

    def test_the_preview_lists_each_light_that_changes(self, client):
        # Of 75: 71.25 lacks 5 %, 71.24 a little more, 67.5 lacks 10 %, 67.49 a little more.
        for code, value in (
            ("T01", "75"),
            ("T02", "71.25"),
            ("T03", "71.24"),
            ("T04", "67.5"),
            ("T05", "67.49"),
        ):
            share(code, value)
        answer = client.post(CHANGE, typed(near_percent="5"))
        found = [
            (row.target.code, row.before.level, row.after.level)
            for row in answer.context["changed"]
        ]
        assert found == [
            ("T03", Level.ORANGE, Level.RED),
            ("T04", Level.ORANGE, Level.RED),
        ]
        assert "5项指标中有2项的预警等级会改变" in page(answer)
        assert not JudgingRule.objects.exists()

    def test_the_cap_of_what_is_striven_for(self, client):
        share("T01", "10", commitment=Commitment.STRIVEN)
        values = typed()
        del values["caps_striven"]
        changed = client.post(CHANGE, values).context["changed"]
        assert [(row.before.level, row.after.level) for row in changed] == [
            (Level.ORANGE, Level.RED)
        ]

    def test_confirmed_it_holds_and_says_who_when_and_why(self, client):
        share("T01", "70")
        text = page(confirmed(client, near_percent="5"))
        assert "判定规则第2版已保存" in text
        assert "现行第2版" in text
        assert REASON in text
        assert "赵六" in text
        assert selectors.rules_on(timezone.localdate()) == JudgingRules(2, D(5), D(2), True)
        assert AuditEvent.objects.filter(action="修改规则").count() == 1
        assert "二级 差距不超过5%" in page(client.get("/targets/"))

    @pytest.mark.parametrize("days", [0, 1])
    def test_lists_and_pages_judge_by_the_rule_of_the_day(self, client, days):
        share("T01", "70")
        day = timezone.localdate() + datetime.timedelta(days=days)
        confirmed(client, near_percent="5", valid_from=day.isoformat())
        level = Level.ORANGE if days else Level.RED
        assert selectors.judged_targets()[0].light.level == level
        assert selectors.target_detail(code="T01").judged.light.level == level

    def test_what_was_not_previewed_is_previewed_first(self, client):
        shown = client.post(CHANGE, typed(near_percent="5"))
        data = typed(near_percent="6", step="confirm", seen=shown.context["mark"])
        assert "确认修改" in page(client.post(CHANGE, data))
        assert not JudgingRule.objects.exists()

    def test_a_version_made_meanwhile_is_shown_first(self, client, cast):
        shown = client.post(CHANGE, typed(near_percent="5"))
        services.change_rules(
            valid_from=timezone.localdate(),
            near_percent=D(8),
            tolerance_percent=D(2),
            caps_striven=True,
            reason=REASON,
            by=cast["管理员"],
        )
        data = typed(near_percent="5", step="confirm", seen=shown.context["mark"])
        assert "现行第2版：二级差距上限8%" in page(client.post(CHANGE, data))
        assert JudgingRule.objects.count() == 1

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"near_percent": "十"}, "“十”不是数字"),
            ({"near_percent": "0"}, "二级差距上限须大于0、不超过50"),
            ({"near_percent": "50.01"}, "二级差距上限须大于0、不超过50"),
            ({"near_percent": "10.001"}, "最多填2位小数"),
            ({"tolerance_percent": "20.01"}, "左右容差须大于0、不超过20"),
            ({"tolerance_percent": ""}, "填写左右容差，如2"),
            ({"valid_from": "2020-01-01"}, "生效日期不能早于今天"),
            ({"reason": "改"}, "写明修改的原因（至少5个字）"),
            ({"reason": ""}, "写明修改的原因"),
        ],
    )
    def test_errors_say_what_to_do_and_lose_nothing(self, client, values, words):
        text = page(client.post(CHANGE, typed(**values)))
        assert "错误：" in text
        assert words in text
        assert "确认修改" not in text
        for value in typed(**values).values():
            assert value == "preview" or value in text

    @pytest.mark.parametrize("near", ["50", "0.01", "５", "7.5%"])
    def test_edges_and_spellings_are_taken(self, client, near):
        assert "已保存" in page(confirmed(client, near_percent=near))

    def test_the_same_again_is_no_version(self, client):
        assert "没有改动" in page(confirmed(client, near_percent="10.00"))
        assert not JudgingRule.objects.exists()

    def test_statements(self, client, django_assert_max_num_queries):
        for number in range(12):
            share(f"T{number:02d}", "70")
            confirmed(client, near_percent=str(number + 11))
        for path in (URL, CHANGE):
            with django_assert_max_num_queries(8):
                client.get(path)
        with django_assert_max_num_queries(8):
            shown = client.post(CHANGE, typed(near_percent="5"))
        data = typed(near_percent="5", step="confirm", seen=shown.context["mark"])
        # One of them asks whether a proposal waits.
        with django_assert_max_num_queries(13):
            assert client.post(CHANGE, data).status_code == 302


class TestStanding:
    def standings(self, cast, *days):
        for place, ahead in enumerate(days):
            services.change_rules(
                valid_from=timezone.localdate() + datetime.timedelta(days=ahead),
                near_percent=D(20 + place),
                tolerance_percent=D(2),
                caps_striven=True,
                reason=REASON,
                by=cast["赵六"],
            )
        book = selectors.rule_book(day=timezone.localdate())
        return [version.standing for version in book.versions]

    def test_defaults_alone(self, cast):
        assert self.standings(cast) == ["现行"]

    def test_the_future_waits(self, cast):
        first, second, third = self.standings(cast, 0, 30)
        assert (first, second) == ("尚未生效", "现行")
        assert third.endswith("为止")

    def test_what_was_overtaken_never_held(self, cast):
        newest, overtaken, first = self.standings(cast, 60, 10)
        assert (newest, overtaken) == ("尚未生效", "没有生效，被以后的版本代替")
        assert first == "现行"
