"""Items that wait for the bureau, as agencies hand them in."""

from agencies.choices import Role
from reporting.choices import ObligationKind
from reporting.models import Obligation
from reporting.submitting import services as submissions
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.unit.reporting.checked import FORMS

REASON = "七月新购一百二十辆纯电动车上线运营"
REASONS = {f"why_{code}": REASON for code in ("W1", "W2", "W4", "W5", "W6", "W8", "W14")}


def make_bureau():
    """赵六 and 周七 review; 吴八 reviews and fills in for the bureau, too."""
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    both = [Role.REPORTER, Role.REVIEWER]
    return {
        "赵六": UserFactory(name="赵六", username="zhaoliu", agency=bureau, roles=[Role.REVIEWER]),
        "周七": UserFactory(name="周七", username="zhouqi", agency=bureau, roles=[Role.REVIEWER]),
        "吴八": UserFactory(name="吴八", username="wuba", agency=bureau, roles=both),
    }


def make_agency():
    """张三 fills in for an agency without a signer of its own."""
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    return UserFactory(name="张三", username="zhangsan", agency=agency)


def handed_in(by, kind=ObligationKind.CONTRIBUTION, **changed):
    """An item of the person's agency, handed in. A contribution is clean, a target has W8."""
    known = {name: changed.pop(name) for name in ("target", "task", "project", "period")
             if name in changed}  # fmt: skip
    obligation = ObligationFactory(agency=by.agency, kind=kind, **known)
    filled(obligation, FORMS[kind] | REASONS | changed, by=by)
    return hand_in(obligation, by)


def hand_in(obligation, by):
    """Hand an item in, or in again."""
    submissions.submit(pks=[obligation.pk], by=by, phone="0731-84550001")
    return fresh(obligation)


def fresh(obligation):
    """The item as it is stored now."""
    return Obligation.objects.with_subjects().get(pk=obligation.pk)
