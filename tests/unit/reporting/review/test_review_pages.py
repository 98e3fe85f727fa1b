"""The page of one item: what was handed in beside last quarter, comments, decisions, refusals."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.choices import ObligationKind, ObligationState
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Decision, Evidence, FieldComment, StoredFile
from reporting.policies import ConflictError
from reporting.review.services import reviews
from reporting.review.services.reviews import FieldRemark
from reporting.submitting import services as submissions
from targets.models import Observation
from tests.documents import parsed
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.unit.reporting.checked import NARRATIVE
from tests.unit.reporting.review.test_reviews import plain
from tests.unit.reporting.reviewed import (
    REASON,
    fresh,
    hand_in,
    handed_in,
    make_agency,
    make_bureau,
)

pytestmark = pytest.mark.django_db
T18 = "/review/2026Q3/targets/T18/"


@pytest.fixture
def bureau():
    return make_bureau()


@pytest.fixture
def zhao(client, bureau):
    client.force_login(bureau["赵六"])
    return client


@pytest.fixture
def zhang():
    return make_agency()


@pytest.fixture
def bus(zhang):
    """T18 with its past, handed in with a doubt and its reason."""
    target = TargetFactory(
        code="T18", name="纯电动公交车比例", lead=zhang.agency, frequency="quarterly", decimals=2
    )
    MilestoneFactory(target=target)
    for quarter, value in ((1, "77.1"), (2, "77.9")):
        ObservationFactory(target=target, year=2026, quarter=quarter, value=value)
    return handed_in(zhang, ObligationKind.TARGET, target=target, value="84.2")


def address(item):
    parts = [*item.address, *([item.agency.code] if item.is_contribution else [])]
    return f"/review/{'/'.join(parts)}/"


def text_of(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def plain_text(page):
    return parsed(page).line


def decide(client, item, do, **fields):
    number = item.rounds.first().round
    data = {"item": item.pk, "round": number, "do": do, **fields}
    return client.post(address(item), data)


def test_last_quarter_this_quarter_change_and_requirement(zhao, bus):
    page = text_of(zhao.get(T18))
    text = plain_text(page)
    assert "上季度 2026Q2 77.90 %" in text
    assert "本季度 2026Q3 · 部门统计 84.20 %" in text
    assert "较上季度 +6.30 个百分点" in text
    assert "要求值（2025年起） 75.00% 三级 高9.20个百分点" in text
    assert "空心点含待审核" in text
    assert f"填报说明：“{REASON}”" in text
    assert "张三，" in text
    assert "退回 0次" in text


def test_a_value_that_just_meets_the_requirement_is_level_with_it(zhao, zhang, bureau, bus):
    reviews.give_back(pk=bus.pk, round=1, comment="核实", by=bureau["周七"])
    entries.save(pk=bus.pk, edits={"value": FieldEdit("75", 99)}, by=zhang)
    hand_in(fresh(bus), zhang)
    assert "三级 与要求持平" in plain_text(text_of(zhao.get(T18)))


def test_files_of_the_item_can_be_opened(zhao, bus):
    file = StoredFile.objects.create(sha256="a" * 64, size=219136, content_type="text/plain")
    kept = Evidence.objects.create(
        obligation=bus, file=file, name="公交台账.xlsx", uploaded_by="张三"
    )
    page = text_of(zhao.get(T18))
    assert f'href="/files/{kept.pk}/">公交台账.xlsx</a>' in page
    assert "214 KB" in page


def test_texts_are_compared_with_last_quarter_and_others_quoted(zhao, zhang):
    task = TaskFactory(code="5-1", lead=zhang.agency)
    TaskProgressFactory(task=task, quarter=2, narrative=NARRATIVE.replace("一百二十六个", "六十个"))
    handed_in(zhang, ObligationKind.TASK, task=task)
    other = UserFactory(agency__short_name="区住建局")
    handed_in(other, task=task, text="完成站点用地审批。")
    page = text_of(zhao.get("/review/2026Q3/tasks/5-1/"))
    assert "<ins>一百二十六</ins>" in page or "<ins>一百二十六个</ins>" in page
    assert "<del>六十" in page
    assert "完成站点用地审批。" in page


def test_a_value_is_never_shown_from_a_draft(zhao, zhang):
    item = ObligationFactory(agency=zhang.agency)
    filled(item, {"value": "66.6"}, by=zhang)
    page = text_of(zhao.get(address(item)))
    assert "66.6" not in page
    assert "本单位正在填写" in page
    assert 'id="decide"' not in page


def test_a_return_with_comments_at_fields_goes_to_the_next_item(zhao, zhang, bus):
    clean = handed_in(zhang)
    page = text_of(zhao.get(T18))
    following = parsed(page).one("input[name=next]")["value"]
    assert following == address(clean)
    answer = decide(
        zhao, bus, "return", comment="核实", answer_due="2099-01-05", next=following,
        remark_value="差10倍", suggest_value="8.42", remark_evidence="补充台账", remark_note="",
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (302, following)
    assert fresh(bus).state == ObligationState.RETURNED
    assert FieldComment.objects.count() == 2
    assert "已退回T18 纯电动公交车比例，限1月5日前修改" in text_of(zhao.get(following))


def test_phrases_that_are_ticked_become_part_of_the_comment(zhao, bus):
    decide(zhao, bus, "return", phrase=["补充佐证材料", "不在列表里"], comment="尽快")
    assert Decision.objects.get().comment == "补充佐证材料；尽快"


def test_approving_stays_or_goes_on(zhao, zhang, bus):
    clean = handed_in(zhang)
    assert decide(zhao, bus, "approve").headers["Location"] == T18
    page = text_of(zhao.get(T18))
    assert "已审核通过并锁定" in page
    assert "已通过T18。" in plain_text(page)
    answer = decide(zhao, clean, "next")
    assert answer.headers["Location"] == "/review/?period=2026Q3"


def test_what_was_typed_is_kept_when_the_decision_is_refused(zhao, bus):
    refused = decide(zhao, bus, "return", comment=" ", answer_due="明天", remark_value="差10倍")
    page = text_of(refused)
    assert "<title>错误：" in page
    assert "修改期限写成年月日" in page
    assert "差10倍</textarea>" in page
    open_one = next(aim for aim in parsed(page).every("details.aim") if aim.has("open"))
    assert "数值" in open_one.one("summary")["aria-label"]
    assert 'value="明天"' in page


def test_comments_at_fields_do_not_get_lost_in_an_approval(zhao, bus):
    page = text_of(decide(zhao, bus, "approve", remark_value="差10倍"))
    assert "字段意见和建议值随退回发出" in page
    assert fresh(bus).state == ObligationState.SUBMITTED


@pytest.mark.parametrize("fields", [{}, {"item": "x", "round": "1"}, {"item": "1", "round": ""}])
def test_a_form_without_its_item_is_told_to_load_again(zhao, bus, fields):
    page = text_of(zhao.post(T18, {"do": "approve", **fields}))
    assert "刷新页面" in page


def test_enter_in_a_field_decides_nothing(zhao, bus):
    page = text_of(zhao.post(T18, {"item": bus.pk, "round": 1}))
    assert "选择“退回修改”或“通过”" in page


def test_the_second_reviewer_is_told_and_keeps_what_was_typed(zhao, bureau, bus):
    reviews.approve(rounds={bus.pk: 1}, by=bureau["周七"])
    page = text_of(decide(zhao, bus, "return", comment="数据偏大，核实"), 409)
    assert "T18现在是“已通过”，不能退回修改" in page
    assert "您填写的意见：数据偏大，核实" in page
    assert "区发展和改革局 周七" in page
    assert Decision.objects.count() == 1


def test_a_round_that_was_handed_in_anew_is_shown_with_what_was_typed(zhao, bureau, zhang, bus):
    reviews.give_back(pk=bus.pk, round=1, comment="核实", by=bureau["周七"])
    hand_in(fresh(bus), zhang)
    stale = {"item": bus.pk, "round": 1, "do": "return", "comment": "数据偏大"}
    page = text_of(zhao.post(T18, stale), 409)
    assert "已经重新报送" in page
    assert "数据偏大</textarea>" in page
    assert 'name="round" value="2"' in page


def test_the_second_review_shows_first_what_changed_and_what_was_answered(zhao, bureau, zhang, bus):
    remarks = [FieldRemark("value", "差10倍", "78.42"), FieldRemark("source", "写明出处")]
    reviews.give_back(pk=bus.pk, round=1, comment="核实", remarks=remarks, by=bureau["赵六"])
    first, second = FieldComment.objects.order_by("pk")
    entries.accept_suggestion(pk=first.pk, by=zhang)
    edit = {f"reply_{second.pk}": FieldEdit("出处就是公交台账")}
    entries.save(pk=second.decision.obligation_id, edits=edit, by=zhang)
    hand_in(fresh(bus), zhang)
    page = text_of(zhao.get(T18))
    text = parsed(page).one(".changed").line
    assert "退回后的改动（1处，与第1次报送相比）" in text
    assert "数值 · 第1次 84.2% 本次 78.42%" in text
    assert "答复：出处就是公交台账（张三）" in text
    assert "数据来源" not in text
    assert "第2次报送" in plain_text(page)
    assert "退回 1次" in plain_text(page)


def test_a_correction_shows_old_and_new_side_by_side_with_its_reason(zhao, bureau, zhang, bus):
    reviews.approve(rounds={bus.pk: 1}, by=bureau["周七"])
    corrections.correct(pk=bus.pk, reason="漏报两条线路", by=zhang)
    entries.save(pk=bus.pk, edits={"value": FieldEdit("84.9", 99)}, by=zhang)
    hand_in(fresh(bus), zhang)
    text = plain_text(text_of(zhao.get(T18)))
    assert "更正 原因：漏报两条线路" in text
    assert "数值 · 已通过 84.2% 更正为 84.9%" in text
    assert str(Observation.objects.get(is_current=True, quarter=3).value) == "84.2000"


def test_own_items_have_a_sentence_in_the_place_of_buttons(client, bureau):
    mine = handed_in(bureau["吴八"], ObligationKind.TASK)
    client.force_login(bureau["吴八"])
    page = text_of(client.get(address(mine)))
    assert "您是本项填报人，请由其他审核员审核" in page
    assert 'name="do"' not in page
    assert "＋ 意见" not in page
    assert decide(client, mine, "approve").status_code == 403
    client.force_login(bureau["赵六"])
    page = text_of(client.get(address(mine)))
    assert "本局事项" in page
    assert decide(client, mine, "approve").status_code == 302
    assert Decision.objects.get().is_own_agency


def test_to_look_at_an_item_does_not_begin_its_review(zhao, zhang, bus):
    for path in ("/review/", T18):
        assert 'value="begin"' in text_of(zhao.get(path))
        assert fresh(bus).state == ObligationState.SUBMITTED
    submissions.withdraw(pks=[bus.pk], by=zhang)
    assert fresh(bus).state == ObligationState.DRAFT


def test_a_review_is_begun_by_its_button_and_nothing_typed_is_lost(zhao, zhang, bureau, bus):
    for _ in range(2):
        answer = decide(zhao, bus, "begin", comment="先核对来源", remark_value="核对")
        page = text_of(answer)
        assert answer.status_code == 200
        assert "已开始审核T18" in page
        assert "先核对来源" in page
        assert ">核对</textarea>" in page
        assert 'value="begin"' not in page
        assert "赵六" in page[: page.index('id="decide"')]
    assert fresh(bus).state == ObligationState.REVIEWING
    with pytest.raises(ConflictError, match="已经开始审核T18，不能撤回"):
        submissions.withdraw(pks=[bus.pk], by=zhang)
    reviews.approve(rounds={bus.pk: 1}, by=bureau["周七"])
    assert decide(zhao, bus, "begin").status_code == 409


def test_a_wrong_suggestion_is_refused_at_its_field_and_nothing_is_lost(zhao, bus):
    answer = decide(
        zhao, bus, "return", comment="核实", remark_value="差10倍", suggest_value="abc",
        remark_source="写明出处",
    )  # fmt: skip
    page = parsed(text_of(answer))
    box = page.one("input#suggest_value")
    assert (box["value"], box["aria-invalid"]) == ("abc", "true")
    assert "“abc”不是数字" in page.one("#problem_value").text
    assert page.one("textarea#remark_value").text == "差10倍"
    assert page.one("textarea#remark_source").text == "写明出处"
    assert page.one("textarea#comment").text == "核实"
    assert not Decision.objects.exists()


def test_what_was_answered_is_told_truly_after_the_value_was_changed_back(zhao, bureau, zhang, bus):
    remarks = [FieldRemark("value", "差10倍", "78.42")]
    reviews.give_back(pk=bus.pk, round=1, comment="核实", remarks=remarks, by=bureau["赵六"])
    entries.accept_suggestion(pk=FieldComment.objects.get().pk, by=zhang)
    item = fresh(bus)
    edit = FieldEdit("84.1", item.content["value"]["v"])
    entries.save(pk=bus.pk, edits={"value": edit}, by=zhang)
    hand_in(fresh(bus), zhang)
    text = plain_text(text_of(zhao.get(T18)))
    assert "采纳建议值后又改动，报送的是“84.1”" in text
    assert "已按建议值修改" not in text


def test_others_of_the_agency_and_the_ledger_stand_below(zhao, zhang, bus):
    other = handed_in(zhang, ObligationKind.TASK)
    page = text_of(zhao.get(T18))
    below = page[page.index("同单位其他待审项") :]
    assert other.name in below
    assert "本项留痕" in below
    assert "报送区发改局" in below


@pytest.mark.parametrize(
    "path",
    ["/review/2026Q3/targets/T99/", "/review/2026/targets/T18/", "/review/2026Q3/nosuch/T18/",
     "/review/2026Q3/contributions/5-1/", "/review/2026Q3/targets/T18/nosuch/"],
)  # fmt: skip
def test_an_address_of_nothing_is_not_found(zhao, bus, path):
    assert zhao.get(path).status_code == 404


def test_the_decision_of_another_agencys_account_is_refused(client, zhang, bus):
    client.force_login(zhang)
    for path in (T18, "/review/bulk/", "/review/bulk/approve/", "/review/undo/"):
        assert client.post(path, {"item": bus.pk, "round": 1, "do": "approve"}).status_code == 403
    assert fresh(bus).state == ObligationState.SUBMITTED


@pytest.mark.parametrize("do", ["approve", "return"])
def test_a_decision_takes_twelve_statements(zhao, zhang, bureau, bus, do):
    reviews.approve(rounds={handed_in(zhang).pk: 1}, by=bureau["赵六"])
    fields = {"item": bus.pk, "round": 1, "do": do, "comment": "核实", "remark_value": ""}
    with CaptureQueriesContext(connection) as seen:
        assert zhao.post(T18, fields).status_code == 302
    assert len(plain(seen)) <= 12


def test_so_does_the_approval_of_a_correction(zhao, zhang, bureau, bus):
    reviews.approve(rounds={bus.pk: 1}, by=bureau["赵六"])
    corrections.correct(pk=bus.pk, reason="漏报两条线路", by=zhang)
    saved = fresh(bus).content["value"]["v"]
    entries.save(pk=bus.pk, edits={"value": FieldEdit("79.1", saved)}, by=zhang)
    hand_in(bus, zhang)
    fields = {"item": bus.pk, "round": 2, "do": "approve", "comment": "核实", "remark_value": ""}
    with CaptureQueriesContext(connection) as seen:
        assert zhao.post(T18, fields).status_code == 302
    assert len(plain(seen)) <= 12


@pytest.mark.parametrize("kind", list(ObligationKind))
@pytest.mark.parametrize("state", list(ObligationState))
def test_every_kind_in_every_state_has_its_page(zhao, zhang, kind, state):
    item = handed_in(zhang, kind)
    item.state, item.decided_at = state, timezone.now()
    item.save()
    page = text_of(zhao.get(address(item)))
    assert ('name="do"' in page) == (state in {"submitted", "reviewing"})
