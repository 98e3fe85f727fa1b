"""Tasks and projects linked with the targets that they serve."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from setup import services
from setup.selectors import link_rows, links_page
from targets.choices import LinkOrigin
from targets.services import set_served
from tests.factories.agencies import UserFactory
from tests.factories.plan import ClauseFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db

LINKS = "/plan/manage/links/"


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def energy():
    return TargetFactory(code="T03", name="非化石能源消费比重", short_name="非化石能源比重")


@pytest.fixture
def prefab():
    return TargetFactory(code="T12", name="新建建筑装配率", short_name="新建建筑装配率")


@pytest.fixture
def task():
    return TaskFactory(title="积极推进清洁能源利用", text="统筹规划。\n鼓励使用清洁能源。")


@pytest.fixture
def project():
    return ProjectFactory(name="ALC装配式建筑型材智能工厂", content="主要建设厂房。")


def proposed():
    return [proposal.key for row in link_rows() for proposal in row.proposals]


def links_of(record):
    return [(link.target.code, link.origin, link.reason) for link in record.links.all()]


def test_the_text_proposes_and_links_nothing(as_admin, energy, prefab, task, project):
    page = as_admin.get(LINKS)
    assert f"采纳 {energy.code}" in page.content.decode()
    assert "“积极推进清洁能源利用”" in page.content.decode()
    assert proposed() == [f"{task.code}:T03", f"{project.code}:T12"]
    assert page.context["page"].unserved == (energy, prefab)
    assert not task.targets.exists()
    assert not project.targets.exists()


def test_one_click_accepts_one_proposal(as_admin, energy, prefab, task, project):
    page = as_admin.post(LINKS, {"accept": f"{project.code}:T12"}, follow=True)
    assert "已关联1项。" in page.content.decode()
    assert links_of(project) == [("T12", LinkOrigin.WORDS, "ALC装配式建筑型材智能工厂")]
    assert links_of(task) == []
    event = AuditEvent.objects.get(object_code=project.code)
    assert event.changes == [["相关指标", "", "T12"]]
    assert event.reason == "T12：ALC装配式建筑型材智能工厂"
    assert proposed() == [f"{task.code}:T03"]


def test_all_at_once_are_those_that_were_shown(as_admin, energy, prefab, task, project):
    shown = [proposal.key for proposal in as_admin.get(LINKS).context["page"].proposals]
    late = TaskFactory(title="发展装配式建筑")
    as_admin.post(LINKS, {"accept": shown})
    assert (len(links_of(task)), len(links_of(project)), links_of(late)) == (1, 1, [])


def test_what_is_not_proposed_is_not_accepted(admin, prefab, task):
    chosen = [f"{task.code}:T12", "9-9:T12", "nonsense"]
    assert services.accept_proposals(chosen=chosen, by=admin) == 0
    assert links_of(task) == []


def test_accepting_twice_links_once(admin, energy, task):
    assert services.accept_proposals(chosen=[f"{task.code}:T03"], by=admin) == 1
    assert services.accept_proposals(chosen=[f"{task.code}:T03"], by=admin) == 0
    assert AuditEvent.objects.filter(object_code=task.code).count() == 1


def test_links_are_made_by_hand_beside_those_of_the_text(as_admin, admin, energy, prefab, task):
    services.accept_proposals(chosen=[f"{task.code}:T03"], by=admin)
    form = {"targets": [energy.pk, prefab.pk], "reason": "区住建局会议纪要"}
    as_admin.post(f"{LINKS}{task.code}/", form)
    assert links_of(task) == [
        ("T03", LinkOrigin.WORDS, "积极推进清洁能源利用"),
        ("T12", LinkOrigin.HAND, "区住建局会议纪要"),
    ]
    assert AuditEvent.objects.first().changes == [["相关指标", "T03", "T03、T12"]]
    assert "手工关联" in as_admin.get(LINKS).content.decode()


def test_a_link_by_hand_wants_its_reason(as_admin, energy, task):
    page = as_admin.post(f"{LINKS}{task.code}/", {"targets": [energy.pk], "reason": " "})
    assert page.context["form"].errors["reason"]
    assert links_of(task) == []


def test_a_target_out_of_force_stays_where_it_was_linked(as_admin, admin, energy, task):
    set_served(record=task, targets=[energy], by=admin)
    energy.retired_on = "2026-01-01"
    energy.save()
    other = TargetFactory(code="T04", retired_on="2026-01-01")
    offered = as_admin.get(f"{LINKS}{task.code}/").context["form"].fields["targets"].queryset
    assert energy in offered
    assert other not in offered


def test_a_project_is_linked_by_hand_and_an_unknown_code_is_no_page(as_admin, prefab, project):
    as_admin.post(f"{LINKS}{project.code}/", {"targets": [prefab.pk], "reason": "会议纪要"})
    assert links_of(project) == [("T12", LinkOrigin.HAND, "会议纪要")]
    assert as_admin.get(f"{LINKS}X1/").status_code == 404


def test_loading_links_by_clause_and_keeps_what_was_made_by_hand(admin, energy, prefab):
    clause = ClauseFactory()
    energy.sources.create(clause=clause, quote="")
    fresh, kept, emptied = (TaskFactory(clause=clause) for _ in range(3))
    set_served(record=kept, targets=[prefab], by=admin)
    set_served(record=emptied, targets=[energy], by=admin)
    set_served(record=emptied, targets=[], by=admin, reason="不相关")
    for _ in range(2):
        services.link(by=admin)
    assert links_of(fresh) == [("T03", LinkOrigin.CLAUSE, "")]
    assert links_of(kept) == [("T12", LinkOrigin.HAND, "")]
    assert links_of(emptied) == []


def test_a_transcribed_link_needs_its_words_in_the_record(admin, prefab):
    there = ProjectFactory(number=3, code="P3", name="另一个项目", clause=ClauseFactory())
    services.link(by=admin)
    assert links_of(there) == []


def test_only_who_edits_the_plan_links(energy, task):
    with pytest.raises(PermissionDenied):
        services.accept_proposals(chosen=[f"{task.code}:T03"], by=UserFactory())
    assert links_of(task) == []


def test_statements_do_not_grow_with_rows(django_assert_num_queries, admin, energy, task, project):
    for number in range(3):
        more = TaskFactory(title=f"使用清洁能源{number}")
        set_served(record=more, targets=[energy], by=admin)
        set_served(record=ProjectFactory(), targets=[energy], by=admin)
    with django_assert_num_queries(5):
        page = links_page()
    assert page.linked == 6


def test_the_checklist_leads_to_the_links(as_admin):
    assert reverse("setup:links") in as_admin.get("/plan/manage/").content.decode()
