"""What one person proposes and another decides, whatever it writes."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from agencies.choices import Role
from audit.models import AuditEvent
from targets import services
from targets.choices import ProposalKind, ProposalState
from targets.models import Proposal
from targets.services import proposals
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(monkeypatch):
    """What took effect, of a kind that writes nothing else."""
    found = []
    effects = {ProposalKind.BASE: lambda rows, by: found.append(([r.pk for r in rows], by))}
    monkeypatch.setattr(proposals, "_EFFECTS", effects)
    return found


def reviewer(name="赵六"):
    return UserFactory(name=name, roles=[Role.REVIEWER])


def proposed(by, **facts):
    row = Proposal(target=TargetFactory(), kind=ProposalKind.BASE, words="基期值12.4%", **facts)
    return services.propose(proposals=[row], by=by)[0]


def test_another_reviewer_confirms_and_it_takes_effect_once(written):
    first, second = reviewer("李敏"), reviewer("赵六")
    rows = [proposed(first), proposed(first)]
    services.confirm(keys=[row.pk for row in rows], by=second)
    assert written == [([row.pk for row in rows], second)]
    assert set(Proposal.objects.values_list("state", "decided_by")) == {("confirmed", second.pk)}


def test_who_proposed_it_confirms_and_refuses_nothing(written):
    by = reviewer()
    row = proposed(by)
    with pytest.raises(PermissionDenied, match="另一位审核员"):
        services.confirm(keys=[row.pk], by=by)
    with pytest.raises(PermissionDenied, match="另一位审核员"):
        services.send_back(keys=[row.pk], by=by, reason="数值还要核实")
    assert written == []


def test_the_database_has_two_persons_too(written):
    by = reviewer()
    row = proposed(by)
    done = {"state": "confirmed", "decided_by": by, "decided_at": row.proposed_at}
    with pytest.raises(IntegrityError, match="proposal_two_persons"), transaction.atomic():
        Proposal.objects.filter(pk=row.pk).update(**done)


@pytest.mark.parametrize("role", [r for r in Role if r != Role.REVIEWER])
def test_only_reviewers_decide(written, role):
    row = proposed(reviewer())
    with pytest.raises(PermissionDenied, match="审核员"):
        services.confirm(keys=[row.pk], by=UserFactory(roles=[role]))


def test_sent_back_with_a_reason_it_may_be_proposed_again(written):
    first, second = reviewer("李敏"), reviewer()
    row = proposed(first)
    with pytest.raises(ValidationError, match="至少5个字"):
        services.send_back(keys=[row.pk], by=second, reason="不对")
    services.send_back(keys=[row.pk], by=second, reason="等五经普修订以后再定")
    row.refresh_from_db()
    assert (row.state, row.reason) == (ProposalState.RETURNED, "等五经普修订以后再定")
    again = Proposal(target=row.target, kind=row.kind, words="基期值12.5%")
    assert services.propose(proposals=[again], by=first)
    assert written == []


def test_one_of_a_kind_waits_for_a_target_and_year(written):
    row = proposed(reviewer())
    again = Proposal(target=row.target, kind=row.kind, words="基期值12.5%")
    with pytest.raises(ValidationError, match="已有人提出"):
        services.propose(proposals=[again], by=reviewer())


def test_only_who_proposed_it_withdraws_it(written):
    first = reviewer()
    row = proposed(first)
    with pytest.raises(PermissionDenied, match="只有提出的人"):
        services.withdraw(keys=[row.pk], by=reviewer())
    services.withdraw(keys=[row.pk], by=first)
    row.refresh_from_db()
    assert row.state == ProposalState.WITHDRAWN


def test_who_comes_second_reads_who_did(written):
    row = proposed(reviewer("李敏"), year=2025)
    services.confirm(keys=[row.pk], by=reviewer("王敏"))
    with pytest.raises(ValidationError, match=r"2025年基期值：王敏已在.*确认"):
        services.confirm(keys=[row.pk], by=reviewer())
    assert len(written) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_confirm_it_once(written):
    row, said = proposed(reviewer("李敏")), []
    seconds, start = [reviewer("王敏"), reviewer("赵六")], threading.Barrier(2)

    def confirm(by):
        start.wait()
        try:
            services.confirm(keys=[row.pk], by=by)
        except ValidationError as error:
            said.extend(error.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[by]) for by in seconds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((_, by),) = written
    assert len(said) == 1
    assert f"：{by.name}已在" in said[0]


def test_the_ledger_names_both(written):
    first, second = reviewer("李敏"), reviewer("赵六")
    row = proposed(first, year=2025)
    services.confirm(keys=[row.pk], by=second)
    told = AuditEvent.objects.filter(object_type="提请事项").order_by("pk")
    assert list(told.values_list("action", "actor_name", "object_code")) == [
        ("提出基期值", first.name, f"{row.target.code} 2025"),
        ("确认基期值", second.name, f"{row.target.code} 2025"),
    ]


def test_what_has_changed_writes_nothing(monkeypatch):
    def changed(rows, by):
        raise ValidationError("数值刚刚更新")

    monkeypatch.setattr(proposals, "_EFFECTS", {ProposalKind.BASE: changed})
    row = proposed(reviewer())
    with pytest.raises(ValidationError, match="刚刚更新"):
        services.confirm(keys=[row.pk], by=reviewer())
    row.refresh_from_db()
    assert row.state == ProposalState.OPEN


class TestNavigation:
    """The reviewers' navigation counts what waits, whatever page is open."""

    def shown(self, client, by, address="/targets/"):
        client.force_login(by)
        navigation = document(client.get(address)).one("nav[aria-label=主导航]")
        return next(
            (link.text for link in navigation.every("a") if link.text.startswith("提请事项")), ""
        )

    def test_it_counts_what_waits_and_forgets_what_was_decided(self, client, written):
        first, second = reviewer("李敏"), reviewer("赵六")
        assert self.shown(client, second) == "提请事项"
        rows = [proposed(first) for _ in range(4)]
        for address in ("/targets/", "/dashboard/reporting/"):
            assert self.shown(client, second, address) == "提请事项4"
        services.confirm(keys=[rows[0].pk], by=second)
        assert self.shown(client, second) == "提请事项3"
        services.send_back(keys=[rows[1].pk], by=second, reason="数值还要核实")
        assert self.shown(client, second) == "提请事项2"
        services.withdraw(keys=[rows[2].pk, rows[3].pk], by=first)
        assert self.shown(client, second) == "提请事项"

    def test_other_rules_count_until_they_are_decided(self, client):
        first, second = reviewer("李敏"), reviewer("赵六")
        rules = services.change_rules(
            valid_from=localdate(), near_percent=Decimal(10), tolerance_percent=Decimal(2),
            caps_striven=True, method="change", reason="按应有进展看", by=first,
        )  # fmt: skip
        assert self.shown(client, second) == "提请事项1"
        services.decline_rules(proposal=rules, reason="还要再研究", by=second)
        assert self.shown(client, second) == "提请事项"

    @pytest.mark.parametrize("role", [r for r in Role if r != Role.REVIEWER])
    def test_nobody_else_has_the_entry(self, client, role):
        assert self.shown(client, UserFactory(roles=[role])) == ""
