"""The card of one number: its steps, its states, and who sees what of it."""

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.provenance import provenance
from records.asof import AsOf
from reporting.choices import ObligationKind
from reporting.filling.selectors.evidence import store
from reporting.filling.services import corrections
from reporting.models import StoredFile, Submission, SubmittedItem
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from targets.models import Observation, TargetSource
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.evidence import attach
from tests.factories.plan import ClauseFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.checked import TARGET
from tests.unit.reporting.reviewed import REASON, REASONS, make_bureau
from tests.unit.targets.settling_scene import revise, settle

pytestmark = pytest.mark.django_db
PAGE = "/values/T90/2025/"
YEAR = Period(2025)
MOST = 8


def words(answer):
    """The card as it is read."""
    card = answer.content.decode().partition('<section class="pv"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", card)))


class Scene:
    """A target whose value of 2025 was handed in, returned once, approved and settled."""

    def __init__(self):
        bureau = make_bureau()
        self.reviewer, self.second = bureau["赵六"], bureau["周七"]
        agency = AgencyFactory(name="区交通运输局", code="jtj")
        self.reporter = UserFactory(name="张三", agency=agency)
        self.colleague = UserFactory(name="李四", agency=agency)
        self.signer = UserFactory(name="钱审核", agency=agency, roles=[Role.SIGNER])
        self.target = TargetFactory(
            code="T90", name="纯电动公交车比例", lead=agency, decimals=1,
            formula="在营纯电动公交车 ÷ 在营公交车", numerator="纯电动", denominator="全部",
        )  # fmt: skip
        clause = ClauseFactory(address="三（五）3", text="实现纯电动公交车比例达到75%以上")
        TargetSource.objects.create(
            target=self.target, clause=clause, quote="纯电动公交车比例达到75%以上"
        )
        self.milestone = MilestoneFactory(target=self.target, year=2025)
        self.obligation = self.handed_in(value="77.1", value_period="2025", grade="final")

    def handed_in(self, **changed):
        obligation = ObligationFactory(
            agency=self.reporter.agency, kind=ObligationKind.TARGET, target=self.target
        )
        filled(obligation, TARGET | REASONS | changed, by=self.reporter)
        attach(obligation, name="公交台账（盖章）.pdf")
        self.send(obligation)
        return obligation

    def send(self, obligation):
        submissions.hand_over(pks=[obligation.pk], by=self.reporter, phone="0731-84550001")
        submissions.sign(pks=[obligation.pk], by=self.signer)

    def approve(self, round=1):
        reviews.begin(pk=self.obligation.pk, by=self.reviewer)
        reviews.approve(rounds={self.obligation.pk: round}, by=self.reviewer)
        self.value = Observation.objects.get(target=self.target, is_current=True)

    def settle(self):
        settle(self.milestone, self.value, self.second)

    @property
    def number(self):
        return Submission.objects.latest("pk").full_number


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def whole(scene):
    scene.approve()
    scene.settle()
    return scene


def seen(client, reader, page=PAGE):
    client.force_login(reader)
    answer = client.get(page)
    assert answer.status_code == 200
    return answer


def test_the_whole_way_of_a_number_for_the_bureau(client, whole):
    said = words(seen(client, whole.reviewer))
    assert "77.1 % 判 已达标 高2.1个百分点" in said
    assert "从方案原文到判定都有记录，没有更正过" in said
    for step in (
        "原文 “纯电动公交车比例达到75%以上” 三（五）3 目标第1版：2025年目标75%以上",
        "口径 在营纯电动公交车 ÷ 在营公交车",
        "版本 第1版 77.1% ，最终核实",
        f"报送 回执{whole.number} ，区交通运输局",
        "佐证 公交台账（盖章）.pdf",
        "填报 张三填报，钱审核审签 数据来源：区交通运输局公交台账",
        "审核 赵六，",
        "没有退回",
        "判定 已达标 ，按第1版77.1%，高2.1个百分点",
        "李敏提出，周七",
        "按判定规则第1版",
    ):
        assert step in said, step
    assert "校验一致" in said
    assert "没有上传反馈文件" not in said
    page = seen(client, whole.reviewer).content.decode()
    assert reverse("reporting:receipt", args=["2026Q3", whole.number]) in page


READERS = {
    "审核员": [Role.REVIEWER],
    "领导": [Role.LEADER],
    "管理员": [Role.ADMINISTRATOR],
    "其他单位": [Role.REPORTER],
}
SECRETS = {
    "receipt": lambda scene: scene.number,
    "file": lambda _: "公交台账（盖章）.pdf",
    "names": lambda _: "张三填报，钱审核审签",
    "approver": lambda _: "赵六，",
    "remarks": lambda _: REASON,
    "settlers": lambda _: "李敏提出，周七",
}
MAY_SEE = {
    "审核员": set(SECRETS),
    "领导": set(SECRETS) - {"remarks"},
    "管理员": {"settlers"},
    "其他单位": set(),
    "填报单位": set(SECRETS) - {"settlers"},
}


@pytest.mark.parametrize("who", MAY_SEE)
def test_who_sees_what(client, whole, who):
    """Nothing that is shut stands anywhere in the page, and each step stays and says so."""
    doubt = {"code": "W4", "message": "与上年差异较大", "reason": REASON}
    SubmittedItem.objects.update(doubts=[doubt])
    is_own = who == "填报单位"
    reader = whole.colleague if is_own else UserFactory(name="读者", roles=READERS[who])
    page = unescape(seen(client, reader).content.decode())
    shown = {name for name, secret in SECRETS.items() if secret(whole) in page}
    assert shown == MAY_SEE[who]
    said = words(seen(client, reader))
    for step in ["原文", "口径", "版本", "报送", "佐证", "填报", "审核", "判定"]:
        assert f" {step} " in said
    if "file" not in shown:
        assert "佐证 1份，填报单位和区发改局可看" in said
        assert "填报 姓名不显示" in said
        assert "报送 区交通运输局，2026年第三季度" in said
        assert "审核 区发改局，" in said
        assert "张三" not in page
        assert "/files/" not in page
    if "settlers" not in shown:
        assert re.search(r"区发改局\d+年\d+月\d+日判定", said.partition("判定 已达标")[2])


def test_a_leader_opens_receipt_and_files_of_what_is_approved(client, scene):
    file = scene.obligation.evidence.get()
    receipt = reverse("reporting:receipt", args=["2026Q3", scene.number])
    leader = UserFactory(roles=[Role.LEADER])
    client.force_login(leader)
    assert client.get(reverse("reporting:file", args=[file.pk])).status_code == 403
    assert "T90" not in client.get(receipt).content.decode()
    scene.approve()
    for address in (reverse("reporting:file", args=[file.pk]), receipt):
        assert f'href="{address}"' in seen(client, leader).content.decode()
        assert client.get(address).getvalue()
    opened = client.get(receipt).content.decode()
    assert "T90" in opened
    assert "/fill/2026Q3/targets/" not in opened
    client.force_login(UserFactory(roles=[Role.REPORTER]))
    assert client.get(receipt).status_code == 403
    assert client.get(reverse("reporting:file", args=[file.pk])).status_code == 403


def test_what_waits_is_for_the_bureau_and_its_own_agency(client, scene):
    for reader in (scene.reviewer, scene.colleague):
        said = words(seen(client, reader))
        assert "尚未审核：77.1%" in said
        assert "77.1 % 待" in said
        assert "已报送，还没有审核" in said
        assert "还没有审核通过的数值" in said
    for roles in READERS.values():
        reader = UserFactory(roles=roles)
        if Role.REVIEWER in roles:
            continue
        client.force_login(reader)
        assert client.get(PAGE).status_code == 404


def test_a_new_value_stands_beside_the_one_in_force_until_it_is_approved(client, whole):
    corrections.correct(pk=whole.obligation.pk, reason="年报户数复核后更正", by=whole.reporter)
    filled(whole.obligation, TARGET | REASONS | {"value": "78.4", "value_period": "2025"},
           by=whole.reporter)  # fmt: skip
    whole.send(whole.obligation)
    assert "尚未审核：78.4%" in words(seen(client, whole.reviewer))
    outsider = UserFactory(roles=[Role.LEADER])
    page = seen(client, outsider).content.decode()
    assert "78.4" not in page
    assert "77.1" in page


def test_a_corrected_value_waits_for_another_verdict(client, whole):
    revise(whole.target, whole.reviewer, "74.2", reason="五经普修订")
    said = words(seen(client, whole.reviewer))
    assert "74.2 % 审 已达标 须重新判定" in said
    assert "判定后实际值由77.1%（最终核实，第1版）改为74.2%（最终核实，第2版）" in said
    assert "判定 已达标 ，按第1版77.1%，高2.1个百分点" in said
    assert "须重新判定 ：按第2版74.2%，差0.8个百分点，为未达标。重新判定以前，原结论不变。" in said
    assert "第1版 77.1%，最终核实" in said
    assert "已被取代" in said
    assert "原因：五经普修订" in said
    page = seen(client, whole.reviewer).content.decode()
    assert "提出重新判定" in page
    other = words(seen(client, UserFactory(roles=[Role.REPORTER])))
    assert "已被取代" not in other
    assert "原因：五经普修订" in other


def test_a_value_that_nobody_handed_in_lacks_its_steps(client):
    milestone = MilestoneFactory(target__code="T90", target__name="绿地率")
    ObservationFactory(target=milestone.target, value=Decimal("77.1"), recorded_by="管理员")
    said = words(seen(client, UserFactory(roles=[Role.REVIEWER])))
    assert "已审核，年度值已核定，等区发改局审核员判定；缺原文出处、计算公式、报送记录" in said
    for step in (
        "没有登记原文出处",
        "没有登记计算公式",
        "没有报送回执，管理员录入",
        "没有上传反馈文件",
        "没有填报记录",
        "没有审核记录",
        "还没有判定：",
    ):
        assert step in said, step
    hidden = words(seen(client, UserFactory(roles=[Role.REPORTER])))
    assert "没有报送回执，区发改局录入" in hidden


@pytest.mark.usefixtures("of_2026q3")
def test_a_quarter_is_not_settled(client, whole):
    ObservationFactory(target=whole.target, year=2026, quarter=2, value=Decimal("78.4"))
    said = words(seen(client, whole.reviewer, "/values/T90/2026Q2/"))
    assert "已审核。季度值不作判定，2025年结论用的是77.1%；缺报送记录" in said
    assert "判定 不判定 季度值不作判定；2025年结论用的是77.1%" in said
    assert "已达标" not in said


def test_a_preliminary_value_waits_for_the_final_one(client):
    milestone = MilestoneFactory(target__code="T90")
    ObservationFactory(target=milestone.target, value=Decimal("77.1"), grade="preliminary")
    said = words(seen(client, UserFactory(roles=[Role.REVIEWER])))
    assert "初 数据待核定（初步达标）" in said
    assert "初步核算，可能修订，最终核实后才判定" in said
    assert "判定 等最终核实 按现有数据初步达标" in said


def test_a_year_without_a_goal_is_not_judged(client):
    target = TargetFactory(code="T90")
    ObservationFactory(target=target, year=2023, value=Decimal("24.1"), grade="final")
    said = words(seen(client, UserFactory(roles=[Role.REVIEWER]), "/values/T90/2023/"))
    assert "判定 不判定 方案没有提出2023年目标" in said


def test_yearly_rates_that_compound_are_shown_and_not_added(client):
    target = TargetFactory(code="T90", pace="geometric", decimals=2, baseline_value=0)
    for year, value in ((2021, "2.92"), (2022, "6.05"), (2023, "9.21")):
        ObservationFactory(target=target, year=year, value=Decimal(value), grade="final")
    said = words(seen(client, UserFactory(roles=[Role.REVIEWER]), "/values/T90/2022/"))
    assert "年份 2021 2022 当年 2.92 3.22 累计 2.92 6.05 逐年相加得6.14，多0.09，不能用" in said


def test_a_file_that_is_not_what_was_handed_in_is_told(client, whole):
    file = StoredFile.objects.get()
    store().path(file.sha256).write_bytes(b"other")
    assert "缺失或校验不一致" in words(seen(client, whole.reviewer))


def test_a_past_day_shows_what_was_known_then(whole):
    revise(whole.target, whole.reviewer, "74.2", reason="五经普修订")
    moment = timezone.now() - datetime.timedelta(days=10)
    Observation.objects.filter(version=1).update(recorded_at=moment)
    asof = AsOf(timezone.localdate() - datetime.timedelta(days=5))
    card = provenance(code="T90", period=YEAR, reader=whole.reviewer, asof=asof)
    assert card.number == "77.1%"
    assert [line.text for line in card.versions] == ["77.1%"]
    assert card.verdict_version is None


@pytest.mark.parametrize("page", ["/values/T90/2024/", "/values/T90/x/", "/values/T99/2025/"])
def test_what_is_not_there_is_not_found(client, whole, page):
    client.force_login(whole.reviewer)
    assert client.get(page).status_code == 404


def test_a_return_is_counted_and_told_to_those_concerned(client, scene):
    reviews.begin(pk=scene.obligation.pk, by=scene.reviewer)
    reviews.give_back(pk=scene.obligation.pk, round=1, comment="写明分母的口径", by=scene.reviewer)
    scene.obligation.refresh_from_db()
    scene.send(scene.obligation)
    scene.approve(round=2)
    assert "通过 退回1次，没有疑点" in words(seen(client, scene.colleague))
    assert "退回：写明分母的口径" in words(seen(client, scene.colleague))
    leader = words(seen(client, UserFactory(roles=[Role.LEADER])))
    assert "退回1次" in leader
    assert "写明分母的口径" not in leader


def test_statements_do_not_grow(client, whole, django_assert_max_num_queries):
    seen(client, whole.reviewer)
    with django_assert_max_num_queries(MOST) as few:
        client.get(PAGE)
    for value in ("77.2", "77.3", "77.4"):
        revise(whole.target, whole.reviewer, value, reason="核对后更正")
    with django_assert_max_num_queries(MOST) as many:
        client.get(PAGE)
    assert len(many) == len(few)
