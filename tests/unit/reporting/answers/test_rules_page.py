"""The page of rules: every number with its default, changed with a reason; rules switched off."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from reporting.answers.rules.findings import DOUBT, RULES
from reporting.answers.services import settings
from reporting.models import ReportingSetting
from reporting.periods.rules.thresholds import THRESHOLDS
from reporting.periods.selectors.thresholds import thresholds
from tests.factories.cast import make_cast

pytestmark = pytest.mark.django_db
URL = "/manage/rules/"
REASON = "按工作例会要求调整"
DOUBTS = sorted({rule.code for rule in RULES if rule.level == DOUBT})


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def reviewer(client, cast):
    client.force_login(cast["赵六"])
    return client


def text(answer):
    return answer.content.decode()


def test_every_setting_and_every_doubt_is_listed(reviewer):
    page = text(reviewer.get(URL))
    for item in THRESHOLDS:
        assert f"{URL}{item.code}/" in page
        assert item.label in page
        assert item.label in text(reviewer.get(f"{URL}{item.code}/"))
    for code in DOUBTS:
        assert f"{URL}{code}/switch/" in page


def test_change_with_a_reason_shows_who_when_and_why(reviewer):
    assert "默认7天" in text(reviewer.get(f"{URL}REMIND_FIRST/"))
    data = {"value": "10", "reason": REASON}
    page = text(reviewer.post(f"{URL}REMIND_FIRST/", data, follow=True))
    assert "<b>10天</b>" in page
    assert f"赵六：{REASON}" in page
    assert "7天 → 10天" in page
    assert thresholds().whole("REMIND_FIRST") == 10
    event = AuditEvent.objects.get(object_code="REMIND_FIRST")
    assert (event.action, event.reason, event.actor_name) == ("修改规则", REASON, "赵六")


@pytest.mark.parametrize(
    ("code", "data", "words"),
    [
        ("REMIND_FIRST", {"value": "10", "reason": ""}, "写明修改的原因"),
        ("REMIND_FIRST", {"value": "10", "reason": "改"}, "至少5个字"),
        ("REMIND_FIRST", {"value": "100", "reason": REASON}, "填写2至60之间的数"),
        ("REMIND_FIRST", {"value": "七天", "reason": REASON}, "id_value"),
        ("REMIND_FIRST", {"value": "2.5", "reason": REASON}, "填写整数"),
        ("RHYTHM_QUARTERS", {"value": "3", "reason": REASON}, "只能是1、2、4"),
    ],
)
def test_what_is_refused_changes_nothing(reviewer, code, data, words):
    page = text(reviewer.post(f"{URL}{code}/", data))
    assert "错误：" in page
    assert words in page
    assert not ReportingSetting.objects.exclude(value=None).exists()
    assert not AuditEvent.objects.filter(object_code=code).exists()


def test_the_same_value_is_no_change(cast):
    by = cast["赵六"]
    assert settings.set_threshold(code="RED_AFTER", value=Decimal(3), reason="", by=by) is None
    assert settings.set_threshold(code="RED_AFTER", value=Decimal(5), reason=REASON, by=by)
    assert settings.set_threshold(code="RED_AFTER", value=Decimal("5.0"), reason="", by=by) is None


def test_doubts_are_switched_off_and_on(reviewer):
    code = DOUBTS[0]
    data = {"off": "1", "reason": REASON}
    assert "已停用" in text(reviewer.post(f"{URL}{code}/switch/", data, follow=True))
    assert thresholds().is_off(code)
    reviewer.post(f"{URL}{code}/switch/", {"off": "0", "reason": REASON})
    assert not thresholds().is_off(code)
    assert AuditEvent.objects.filter(object_code=code).count() == 2


def test_errors_cannot_be_switched_off(cast):
    for code in ("E1", "X9"):
        with pytest.raises(ValidationError, match="没有可以停用的规则"):
            settings.switch_rule(code=code, off=True, reason=REASON, by=cast["赵六"])


@pytest.mark.parametrize("name", ["张三", "钱审核", "孙领导"])
def test_only_the_bureau_and_administrators_change_rules(cast, name):
    with pytest.raises(PermissionDenied):
        settings.set_threshold(code="RED_AFTER", value=Decimal(5), reason=REASON, by=cast[name])
    with pytest.raises(PermissionDenied):
        settings.switch_rule(code=DOUBTS[0], off=True, reason=REASON, by=cast[name])


def test_no_such_setting(reviewer):
    assert reviewer.get(f"{URL}NOTHING/").status_code == 404
    assert reviewer.get(f"{URL}NOTHING/switch/").status_code == 404


def test_statements(reviewer, django_assert_max_num_queries, cast):
    for value in range(2, 12):
        settings.set_threshold(
            code="RED_AFTER", value=Decimal(value + 2), reason=REASON, by=cast["赵六"]
        )
    for path in ("", "RED_AFTER/", f"{DOUBTS[0]}/switch/"):
        with django_assert_max_num_queries(8):
            reviewer.get(f"{URL}{path}")
    with django_assert_max_num_queries(12):
        reviewer.post(f"{URL}RED_AFTER/", {"value": "20", "reason": REASON})
