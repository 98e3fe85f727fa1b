"""Settling on the page of 2025 by two persons."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agencies.choices import Role
from targets.models import JudgingRule, Proposal, Settlement
from targets.services import propose_retraction
from tests.factories.agencies import UserFactory
from tests.unit.dashboard.settled_scene import (
    PAGE,
    decide,
    milestone,
    page,
    posted,
    propose,
    settle,
    state_of,
)
from tests.unit.targets.settling_scene import revise

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def reviewer(client):
    user = UserFactory(roles=[Role.REVIEWER])
    client.force_login(user)
    return user


class TestTwoPersons:
    """One proposes, another decides; a value that changed meanwhile is not confirmed."""

    def test_the_other_reviewer_sees_it_and_the_proposer_waits(self, client, reviewer):
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        assert not Settlement.objects.exists()
        own = client.get(PAGE).content.decode()
        assert "您提出1项，等另一人确认" in own
        assert 'value="withdraw"' in own
        assert 'value="confirm"' not in own
        assert " checked" not in own
        client.force_login(UserFactory(roles=[Role.REVIEWER], agency=reviewer.agency))
        other = client.get(PAGE).content.decode()
        assert f"{reviewer.name}提出1项，等您确认" in other
        assert "提出以后数值没有变" in other
        assert " checked" in other
        client.force_login(UserFactory(roles=[Role.LEADER]))
        assert "提出1项" not in client.get(PAGE).content.decode()

    def test_what_is_proposed_is_told_apart_in_what_is_left_to_do(self, client, reviewer):
        milestone("T90", "75", "77.1")
        milestone("T91", "35", "29.8")
        left = re.compile(r"待判定<b>(\d+)项</b></a>(（[^）]*）)?")
        assert left.search(client.get(PAGE).content.decode()).groups() == ("2", None)
        propose(client, "T90")
        text = client.get(PAGE).content.decode()
        assert left.search(text).groups() == ("2", "（其中1项已提出，等另一人确认）")
        assert "，还有1项可以判定" in text

    def test_the_proposer_does_not_confirm(self, client, reviewer):
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        answer = decide(by=reviewer).content.decode()
        assert "自己提出的事项由另一位审核员确认" in answer
        assert not Settlement.objects.exists()

    def test_who_comes_second_reads_who_did(self, client, reviewer):
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        (key,) = [row.pk for row in Proposal.objects.waiting()]
        decide()
        client.force_login(UserFactory(name="赵六", roles=[Role.REVIEWER]))
        data = {"pick": [key], "step": "confirm", "back": PAGE}
        answer = client.post(reverse("targets:decide"), data, follow=True).content.decode()
        assert "T90 2025年判定：王敏已在" in answer

    def test_a_changed_value_is_not_ticked_and_says_both(self, client, reviewer):
        found = milestone("T90", "75", "77.1")
        propose(client, "T90")
        revise(found.target, reviewer, "74.2")
        client.force_login(UserFactory(roles=[Role.REVIEWER]))
        text = client.get(PAGE).content.decode()
        assert "变了的不能确认" in text
        assert "提出时：实际值77.1%（最终核实，第1版）" in text
        assert "→ 现在：74.2%" in text
        assert " checked" not in text
        listed = client.get(reverse("targets:proposals")).content.decode()
        assert "提出以后变了 → 现在：74.2%（最终核实）；不能确认，须退回后重新提出" in listed
        assert " checked" not in listed
        assert "看过现行数值再判定" in decide().content.decode()
        assert not Settlement.objects.exists()

    def test_nobody_confirms_by_other_rules_than_were_proposed_by(self, client, reviewer):
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        JudgingRule.objects.create(
            version=2, valid_from="2026-01-01", near_percent=5, tolerance_percent=1,
            caps_striven=True, reason="容差改为1%",
        )  # fmt: skip
        answer = decide().content.decode()
        assert "T90 2025年提出的是“已达标：实际值77.1%（最终核实，第1版）" in answer
        assert "判定规则第2版”：退回后重新提出" in answer
        assert not Settlement.objects.exists()
        assert Proposal.objects.waiting().exists()

    def test_a_reason_to_send_back_is_no_confirmation(self, client, reviewer):
        """Enter in the field of the reason presses the first button of the form: 退回."""
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        client.force_login(UserFactory(roles=[Role.REVIEWER]))
        text = client.get(PAGE).content.decode()
        assert text.index('value="send_back"') < text.index('value="confirm"')
        assert "写了退回原因" in decide(reason="等五经普修订").content.decode()
        assert state_of("T90") == "待确认"

    def test_it_is_sent_back_with_a_reason_or_withdrawn(self, client, reviewer):
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        assert "写明退回的原因" in decide("send_back").content.decode()
        decide("send_back", reason="等五经普修订")
        assert state_of("T90") == "待判定"
        propose(client, "T90")
        decide("withdraw", by=reviewer)
        assert state_of("T90") == "待判定"
        assert [row.state for row in Proposal.objects.order_by("pk")] == ["returned", "withdrawn"]

    def test_statements_of_confirming_do_not_grow(self, client, reviewer):
        for number in range(1, 22):
            milestone(f"T{number:02d}", "75", "77.1")
        second = Client()
        second.force_login(UserFactory(roles=[Role.REVIEWER]))
        many = []
        for codes in (["T01"], [f"T{number:02d}" for number in range(2, 22)]):
            propose(client, *codes)
            data = {"pick": [row.pk for row in Proposal.objects.waiting()], "step": "confirm"}
            many.append(len(posted(second, reverse("targets:decide"), data)))
        assert many[0] == many[1] <= MOST, many

    def test_one_person_where_the_rules_say_so(self, client, reviewer):
        milestone("T90", "75", "77.1")
        JudgingRule.objects.create(
            version=2, valid_from="2026-01-01", near_percent=10, tolerance_percent=2,
            caps_striven=True, needs_second=False, reason="只有一名审核员",
        )  # fmt: skip
        assert "已判定1项" in propose(client, "T90").content.decode()
        (row,) = page().rows
        assert (row.state, row.settlement.proposed_by) == ("已判定", "")
        assert "单人判定）。" in row.sentence

    def test_all_kinds_stand_on_one_page(self, client, reviewer):
        milestone("T90", "75", "77.1")
        propose(client, "T90")
        text = client.get(reverse("targets:proposals")).content.decode()
        assert "T90 2025年判定" in text
        assert "等另一人确认" in text


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.REVIEWER, True),
        (Role.LEADER, True),
        (Role.ADMINISTRATOR, True),
        (Role.SIGNER, False),
        (Role.REPORTER, False),
    ],
)
@pytest.mark.usefixtures("of_2026q3")
@pytest.mark.parametrize("is_outdated", [False, True])
def test_agencies_read_that_the_bureau_settled(client, reviewer, role, reads, is_outdated):
    """On both pages, in the workbook, and of what only waits for a second person."""
    found = milestone("T90", "75", "77.1")
    type(reviewer).objects.filter(pk=reviewer.pk).update(name="李敏")
    settle(client, "T90")
    propose_retraction(settlement=Settlement.objects.get(), reason="依据的文件有误", by=reviewer)
    if is_outdated:
        revise(found.target, reviewer, "74.2")
    client.force_login(UserFactory(name="读者", roles=[role]))
    target = client.get("/targets/T90/").content.decode()
    year = client.get(PAGE).content.decode()
    book = client.get(reverse("dashboard:year_export", args=[2025]))
    exported = str(list(load_workbook(BytesIO(book.content)).active.values))
    for text in (target, year, exported):
        assert ("王敏" in text) == reads
        assert ("李敏" in text) == reads
        assert ("区发改局2026年11月30日判定" in text) != reads
