"""Agencies and people of the tests."""

from functools import cache

import factory
from django.contrib.auth.hashers import make_password

from agencies.choices import AgencyKind, Role
from agencies.models import Agency, AgencyAlias, User
from common.name_matching import name_key

PASSWORD = "Kaifu-2026-test"


@cache
def encoded_password():
    """Hashed once: a hash is slow on purpose."""
    return make_password(PASSWORD)


class AgencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agency

    code = factory.Sequence(lambda n: f"ag{n}")
    name = factory.Sequence(lambda n: f"区第{n}局")
    short_name = factory.LazyAttribute(lambda agency: agency.name)
    kind = AgencyKind.DISTRICT_BUREAU
    kind_confirmed = True
    position = factory.Sequence(lambda n: n + 1)


class CompanyFactory(AgencyFactory):
    code = factory.Sequence(lambda n: f"co{n}")
    name = factory.Sequence(lambda n: f"长沙第{n}节能有限公司")
    kind = AgencyKind.COMPANY


class GroupFactory(AgencyFactory):
    code = factory.Sequence(lambda n: f"gr{n}")
    name = factory.Sequence(lambda n: f"各第{n}街道")
    kind = AgencyKind.STREETS


class AgencyAliasFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgencyAlias

    agency = factory.SubFactory(AgencyFactory)
    text = factory.Sequence(lambda n: f"第{n}局旧称")
    key = factory.LazyAttribute(lambda alias: name_key(alias.text))


class UserFactory(factory.django.DjangoModelFactory):
    """An account of a reporter; give `roles` and `agency` for others."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = "张三"
    agency = factory.SubFactory(AgencyFactory)
    roles = factory.LazyFunction(lambda: [Role.REPORTER])
    password = factory.LazyFunction(encoded_password)


class AdministratorFactory(UserFactory):
    username = factory.Sequence(lambda n: f"admin{n}")
    name = "管理员"
    agency = None
    roles = factory.LazyFunction(lambda: [Role.ADMINISTRATOR])
