"""Whom an agency calls, and what stands where nobody has entered a phone."""

import datetime

import pytest
from django.utils import timezone

from agencies.choices import Role
from reporting.answers.selectors.contacts import contacts_of
from reporting.choices import DecisionKind
from reporting.models import Decision
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return AgencyFactory(name="区交通运输局")


@pytest.fixture
def bureau():
    return AgencyFactory(name="区发改局")


def reviewer(bureau, name, phone=""):
    return UserFactory(agency=bureau, name=name, phone=phone, roles=[Role.REVIEWER])


def decided(agency, by, *, days_ago):
    row = ObligationFactory(agency=agency)
    at = timezone.now() - datetime.timedelta(days=days_ago)
    return Decision.objects.create(
        obligation=row,
        kind=DecisionKind.APPROVED,
        by_name=by.name,
        by_id=by.pk,
        decided_at=at,
    )


def said(contacts):
    return [(one.duty, one.name, one.phone_words) for one in contacts]


def test_signers_the_one_who_reviews_and_the_desk(agency, bureau, settings):
    settings.CONTACT_PHONE = "0731-0000 0000"
    UserFactory(agency=agency, name="陈磊", phone="0731-0000 0001", roles=[Role.SIGNER])
    UserFactory(agency=agency, name="王芳", phone="1")
    UserFactory(agency=AgencyFactory(), name="别人", roles=[Role.SIGNER])
    UserFactory(agency=agency, name="走了", roles=[Role.SIGNER], is_active=False)
    li, zhao = reviewer(bureau, "李敏", "0731-0000 0002"), reviewer(bureau, "赵静")
    decided(agency, zhao, days_ago=9)
    decided(agency, li, days_ago=2)
    decided(AgencyFactory(), zhao, days_ago=1)
    assert said(contacts_of(agency=agency).all) == [
        ("本单位审核人", "陈磊", "0731-0000 0001"),
        ("审核本单位的是", "李敏", "0731-0000 0002"),
        ("双碳办值班", settings.CONTACT, "0731-0000 0000"),
    ]


def test_before_the_first_decision_all_reviewers(agency, bureau):
    for name in ("李敏", "赵静"):
        reviewer(bureau, name)
    found = contacts_of(agency=agency)
    assert (found.signers, found.reviewer_names) == ((), "李敏、赵静")
    assert {one.duty for one in found.reviewers} == {"区发改局审核员"}


def test_a_missing_phone_says_whom_to_tell(agency, bureau, settings):
    settings.CONTACT_PHONE = ""
    reviewer(bureau, "李敏")
    phones = {one.phone_words for one in contacts_of(agency=agency).all}
    assert phones == {"未登记，请告诉管理员"}


def test_one_statement(agency, bureau, django_assert_num_queries):
    decided(agency, reviewer(bureau, "李敏"), days_ago=1)
    with django_assert_num_queries(1):
        contacts_of(agency=agency)


@pytest.mark.parametrize(
    ("phone", "shown"), [("0731-8", "0731-8"), ("", "电话未登记，请告诉管理员")]
)
def test_every_footer_has_the_phone_of_the_desk(client, settings, phone, shown):
    settings.CONTACT_PHONE = phone
    page = client.get("/login/").content.decode()
    assert shown in page.partition('class="foot"')[2]
