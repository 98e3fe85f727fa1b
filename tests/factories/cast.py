"""The fixed cast: who is who in every test of permissions."""

from agencies.choices import Role
from tests.factories.agencies import AgencyFactory, UserFactory

ANONYMOUS = "匿名"
NAMES = (ANONYMOUS, "张三", "李四", "钱审核", "王五", "赵六", "孙领导", "管理员")


def make_cast():
    """Name → account: reporters of one agency and of another, signer, reviewer, leader, admin."""
    own = AgencyFactory(name="区交通运输局", code="jtj")
    other = AgencyFactory(name="区农业农村局", code="nyj")
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    people = {
        "张三": (own, [Role.REPORTER]),
        "李四": (own, [Role.REPORTER]),
        "钱审核": (own, [Role.SIGNER]),
        "王五": (other, [Role.REPORTER]),
        "赵六": (bureau, [Role.REVIEWER]),
        "孙领导": (None, [Role.LEADER]),
        "管理员": (None, [Role.ADMINISTRATOR]),
    }
    return {
        name: UserFactory(name=name, username=f"cast{number}", agency=agency, roles=roles)
        for number, (name, (agency, roles)) in enumerate(people.items())
    }
