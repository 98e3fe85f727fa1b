"""更名, 合并 and 撤销: what moves, what stays, what can be taken back."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from agencies.choices import Role
from agencies.models import Agency, GroupMember
from audit.models import AuditEvent
from imports.selectors.plan_registers import known_agencies
from plan.models import AgencyName
from records.asof import AsOf, as_known
from reporting.matters.selectors.asof import matters_asof
from reporting.matters.services import matters
from reporting.models import Matter, Obligation, Submission
from reporting.periods.services.periods import refresh
from setup.jobs import change_agencies
from setup.models import AgencyChange
from setup.services.agency_changes import take_back
from tests.factories.agencies import AgencyFactory, GroupFactory, UserFactory
from tests.factories.matters import ClosedRiskFactory, MatterFactory, RiskFactory
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory, shared
from tests.unit.reporting.reviewed import handed_in
from tests.unit.setup.agency_changes_scene import (
    DAY,
    NEW,
    abolish,
    fresh,
    merge,
    rename,
    state_of_everything,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 2, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW)
    return time_machine


# renaming


def test_a_renaming_keeps_old_names_as_aliases_and_in_a_history(admin, old, clock):
    rename(old, by=admin)
    assert (fresh(old).name, fresh(old).short_name) == (NEW["name"], NEW["short_name"])
    assert set(old.aliases.values_list("text", flat=True)) == {"区科学技术局", "区科技局"}
    rows = AgencyName.objects.order_by("version").values_list("name", "since", "is_current")
    assert list(rows) == [("区科学技术局", None, False), (NEW["name"], DAY, True)]
    yesterday = as_known(AgencyName.objects.all(), AsOf(DAY - datetime.timedelta(days=1)))
    assert [row.name for row in yesterday] == ["区科学技术局"]
    assert [row.name for row in as_known(AgencyName.objects.all(), AsOf(DAY))] == [NEW["name"]]


def test_a_renaming_leaves_what_was_said_alone_and_the_import_finds_the_old_name(admin, zhang):
    handed_in(zhang)
    matters.report(matter=Matter(title="断电", text="断电"), by=zhang)
    rename(zhang.agency, by=admin)
    assert Submission.objects.get().agency_name == "区科学技术局"
    assert Matter.objects.get().agency_name == "区科学技术局"
    assert known_agencies().names.canonical("区科学技术局") == NEW["name"]


def test_a_renaming_is_taken_back_until_something_is_sent_under_the_new_name(admin, zhang, clock):
    refresh(period=PeriodFactory(), by=None)
    before = state_of_everything()
    change = rename(zhang.agency, by=admin)
    take_back(change=change, by=admin)
    assert state_of_everything() == before
    assert not zhang.agency.aliases.exists()
    kept = [row.name for row in as_known(AgencyName.objects.all(), None)]
    assert kept == ["区科学技术局"]
    again = rename(fresh(zhang.agency), by=admin)
    clock.shift(60)
    zhang.refresh_from_db()
    handed_in(zhang)
    with pytest.raises(ValidationError, match="已用新名称报送1份"):
        take_back(change=again, by=admin)
    assert fresh(zhang.agency).name == NEW["name"]


def test_a_name_of_another_agency_is_refused(admin, old, heir):
    with pytest.raises(ValidationError, match="已经是另一个单位的名称"):
        rename(old, by=admin, name=heir.name)
    with pytest.raises(ValidationError, match="和现在的一样"):
        rename(old, by=admin, name=old.name, short_name=old.short_name)
    assert not AgencyChange.objects.exists()


# merging


def test_a_merger_moves_everything_and_is_taken_back(admin, old, heir, zhang):
    group = GroupFactory(name="各相关部门")
    GroupMember.objects.create(group=group, member=old)
    matters.report(matter=Matter(title="断电", text="断电"), by=zhang)
    target = TargetFactory(code="T30", lead=old, frequency="quarterly")
    task = TaskFactory(lead=old)
    both = shared(TaskFactory(), heir, old)
    project = ProjectFactory(reporting_agency=old)
    typed = filled(ObligationFactory(agency=old, target=target), {"value": "12.5"}, by=zhang)
    refresh(period=PeriodFactory(), by=None)
    before = state_of_everything()

    change = merge(old, heir, by=admin)
    assert (fresh(old).valid_to, fresh(old).successor) == (datetime.date(2026, 11, 29), heir)
    assert fresh(target).lead == fresh(task).lead == fresh(project).reporting_agency == heir
    assert [row.agency for row in both.shares.all()] == [heir]
    assert [row.member for row in group.memberships.all()] == [heir]
    assert (fresh(typed).agency, fresh(typed).texts) == (heir, {"value": "12.5"})
    assert (fresh(zhang).agency, fresh(zhang).is_active) == (heir, True)
    assert Matter.objects.get().agency == heir
    assert Matter.objects.get().agency_name == "区科学技术局"
    assert known_agencies().names.canonical("区科学技术局") == heir.name

    take_back(change=change, by=admin)
    assert state_of_everything() == before
    assert [row.agency for row in both.shares.order_by("position")] == [heir, old]
    assert fresh(change).undone_at


def test_open_matters_go_with_their_agency_and_closed_ones_stay(admin, old, heir):
    raised, handled = MatterFactory(agency=old), MatterFactory(handler=old)
    closed = ClosedRiskFactory(agency=old)
    before = state_of_everything()
    change = merge(old, heir, by=admin)
    assert (fresh(raised).agency, fresh(handled).handler) == (heir, heir)
    assert (fresh(closed).agency, fresh(closed).handler) == (old, old)
    take_back(change=change, by=admin)
    assert state_of_everything() == before


def test_the_ledger_of_risks_knows_who_was_responsible_on_a_past_day(admin, old, heir, clock):
    risk = RiskFactory(title="停工", agency=old)
    clock.shift(3600)
    merge(old, heir, by=admin)
    assert fresh(risk).handler == heir
    then = matters_asof(moment=NOW + datetime.timedelta(minutes=30))
    assert [row.handler for row in then] == ["区科学技术局"]


def test_both_have_typed_and_nothing_is_lost(admin, old, heir, zhang):
    """The successor's text stays, what it left empty is filled in, the rest is in the ledger."""
    task = shared(TaskFactory(), old, heir)
    texts = {"text": "原单位写的", "contact": "0731"}
    mine = filled(ObligationFactory(agency=old, kind="contribution", task=task), texts, by=zhang)
    theirs = filled(
        ObligationFactory(agency=heir, kind="contribution", task=task), {"text": "承继单位写的"}
    )
    refresh(period=PeriodFactory(), by=None)
    before = state_of_everything()
    change = merge(old, heir, by=admin)
    assert fresh(theirs).texts == {"text": "承继单位写的", "contact": "0731"}
    assert zhang.pk in fresh(theirs).editors, "who typed a part of it does not approve it"
    assert fresh(mine).dropped_because == "并入区工业和信息化局，由其一并填报"
    event = AuditEvent.objects.get(action="移交", object_type="应报事项")
    assert ["原单位写的", "承继单位写的"] in [change[1:] for change in event.changes]
    take_back(change=change, by=admin)
    restored = state_of_everything()
    assert restored == before


def test_a_correction_moves_and_is_not_joined(admin, old, heir):
    """Of a closed quarter, too; where the successor has its own item, the approved one stays."""
    over = PeriodFactory(quarter=2, state="closed")
    task = TaskFactory(lead=None, convenor=None)
    fields = {"kind": "contribution", "state": "draft", "correction_reason": "笔误"}
    alone = ObligationFactory(agency=old, period=over, **fields)
    both = ObligationFactory(agency=old, task=task, **fields)
    ObligationFactory(agency=heir, kind="contribution", task=task)
    merge(old, heir, by=admin)
    assert fresh(alone).agency == heir
    assert (fresh(both).agency, fresh(both).dropped_on) == (old, None)


def test_who_now_leads_keeps_what_it_typed_as_contributor_in_the_ledger(admin, old, heir, zhang):
    task = shared(TaskFactory(lead=heir), old)
    row = ObligationFactory(agency=old, kind="contribution", task=task)
    filled(row, {"text": "原单位配合的情况"}, by=zhang)
    merge(old, heir, by=admin)
    assert fresh(row).dropped_on == DAY
    event = AuditEvent.objects.get(action="并入牵头任务")
    assert "原单位配合的情况" in [old for _, old, _ in event.changes]


def test_closed_and_approved_items_keep_their_owner(admin, old, heir):
    over = ObligationFactory(agency=old, period=PeriodFactory(quarter=2, state="closed"))
    target = TargetFactory(lead=old, frequency="quarterly")
    approved = ObligationFactory(agency=old, target=target, state="approved")
    merge(old, heir, by=admin)
    assert fresh(over).agency == fresh(approved).agency == old
    again = Obligation.objects.filter(target=target, agency=heir)
    assert not again.exists(), "it has been reported"


def test_what_is_before_the_bureau_moves_and_its_receipt_does_not(admin, heir, zhang, client):
    sent = handed_in(zhang)
    address = f"/fill/2026Q3/receipt/{Submission.objects.get().full_number}/"
    merge(zhang.agency, heir, by=admin)
    assert fresh(sent).agency == heir
    assert Submission.objects.get().agency == zhang.agency
    client.force_login(fresh(zhang))
    assert "区科学技术局" in client.get(address).content.decode()


def test_a_merger_is_not_taken_back_once_the_successor_has_written(admin, old, heir, zhang, clock):
    row = filled(ObligationFactory(agency=old), {"value": "1"}, by=zhang)
    change = merge(old, heir, by=admin)
    clock.shift(60)
    Obligation.objects.filter(pk=row.pk).update(edited_at=datetime.datetime.now(datetime.UTC))
    target = row.target
    with pytest.raises(ValidationError, match="区工业和信息化局已填写或报送：2026Q3 "):
        take_back(change=change, by=admin)
    assert fresh(target).lead == heir


def test_a_merger_is_not_taken_back_once_links_were_changed(admin, old, heir):
    target = TargetFactory(lead=old)
    change = merge(old, heir, by=admin)
    type(target).objects.filter(pk=target.pk).update(lead=AgencyFactory())
    with pytest.raises(ValidationError, match="牵头指标后来又有调整"):
        take_back(change=change, by=admin)


def test_a_later_change_is_taken_back_first(admin, old, heir):
    first = merge(old, heir, by=admin)
    second = rename(heir, by=admin)
    with pytest.raises(ValidationError, match="又登记了“区工业和信息化局更名为"):
        take_back(change=first, by=admin)
    take_back(change=second, by=admin)
    take_back(change=first, by=admin)
    assert fresh(old).successor is None


def test_what_waits_for_a_signer_needs_one_afterwards(admin, old, heir):
    ObligationFactory(agency=old, state="signing")
    UserFactory(agency=old, roles=[Role.SIGNER])
    with pytest.raises(ValidationError, match="以后没有审核人"):
        merge(old, heir, by=admin, accounts="close")
    merge(old, heir, by=admin)
    assert Obligation.objects.get().agency == heir


def test_accounts_are_closed_where_that_is_chosen(admin, old, heir, zhang):
    change = merge(old, heir, by=admin, accounts="close")
    assert (fresh(zhang).agency, fresh(zhang).is_active) == (old, False)
    take_back(change=change, by=admin)
    assert (fresh(zhang).agency, fresh(zhang).is_active) == (old, True)


@pytest.mark.parametrize("kind", ["coordinator", "group", "ended"])
def test_who_cannot_be_merged(admin, heir, kind):
    agency = {
        "coordinator": lambda: AgencyFactory(is_coordinator=True),
        "group": GroupFactory,
        "ended": lambda: AgencyFactory(valid_to=DAY),
    }[kind]()
    with pytest.raises(ValidationError):
        merge(agency, heir, by=admin)
    assert not AgencyChange.objects.exists()


# abolishing


def test_an_abolished_agency_leaves_its_name_and_owes_nothing_more(admin, old, zhang):
    group = GroupFactory()
    GroupMember.objects.create(group=group, member=old)
    target = TargetFactory(lead=old, frequency="quarterly")
    row = ObligationFactory(agency=old, target=target)
    refresh(period=PeriodFactory(), by=None)
    before = state_of_everything()
    change = abolish(old, by=admin)
    assert (fresh(old).valid_to, fresh(target).lead) == (datetime.date(2026, 11, 29), old)
    assert not group.memberships.exists()
    assert fresh(row).dropped_on == DAY
    assert not fresh(zhang).is_active
    take_back(change=change, by=admin)
    assert state_of_everything() == before


# coming days


def test_a_coming_change_is_carried_out_on_its_day_once(admin, old, heir, clock):
    later = DAY + datetime.timedelta(days=2)
    change = merge(old, heir, by=admin, day=later)
    assert (fresh(change).done_at, fresh(old).valid_to) == (None, None)
    change_agencies()
    assert fresh(old).valid_to is None
    clock.move_to(NOW + datetime.timedelta(days=2))
    change_agencies()
    done_at = fresh(change).done_at
    assert fresh(old).valid_to == DAY + datetime.timedelta(days=1)
    clock.shift(3600)
    change_agencies()
    assert fresh(change).done_at == done_at


def test_a_coming_change_that_does_not_go_is_named(admin, old, heir, clock, client):
    merge(old, heir, by=admin, day=DAY + datetime.timedelta(days=1))
    Agency.objects.filter(pk=heir.pk).update(valid_to=DAY)
    clock.move_to(NOW + datetime.timedelta(days=1))
    change_agencies()
    assert fresh(old).valid_to is None
    event = AuditEvent.objects.get(action="执行合并")
    assert (event.succeeded, event.object_code) == (False, "kjj")
    client.force_login(admin)
    page = client.get("/plan/manage/agencies/").content.decode()
    assert "到期没有执行：区工业和信息化局是群体或已停用，不能承继" in page


def test_a_coming_change_is_given_up_and_only_one_waits(admin, old, heir):
    later = DAY + datetime.timedelta(days=2)
    change = merge(old, heir, by=admin, day=later)
    with pytest.raises(ValidationError, match="还没有生效的变动"):
        abolish(old, by=admin, day=later)
    take_back(change=change, by=admin)
    abolish(old, by=admin, day=later)


@pytest.mark.parametrize("days", [-367, 367])
def test_a_day_far_away_is_refused(admin, old, days):
    with pytest.raises(ValidationError, match="一年以内"):
        abolish(old, by=admin, day=DAY + datetime.timedelta(days=days))
