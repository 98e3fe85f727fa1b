"""What came back goes back as it is only with a word on why."""

import pytest

from reporting.answers.selectors.checking import checked_by_key
from reporting.choices import ObligationKind
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation
from reporting.review.services import reviews
from reporting.review.services.reviews import FieldRemark
from reporting.submitting import services as submissions
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, filled

pytestmark = pytest.mark.django_db
TEXT = "三季度完成公务用车更新两辆，其余按计划安排在四季度。"


@pytest.fixture
def cast():
    found = make_cast()
    found["钱审核"].is_active = False
    found["钱审核"].save()
    return found


def sent_back(cast, *remarks):
    row = ObligationFactory(agency=cast["张三"].agency, kind=ObligationKind.CONTRIBUTION)
    filled(row, {"text": TEXT}, by=cast["张三"])
    submissions.submit(pks=[row.pk], by=cast["张三"], phone="0731-1")
    reviews.give_back(pk=row.pk, round=1, comment="请核实", remarks=remarks, by=cast["赵六"])
    return Obligation.objects.get(pk=row.pk)


def open_codes(row):
    found = checked_by_key(obligations=Obligation.objects.filter(pk=row.pk))[row.pk]
    return [one.code for one in found.open_doubts]


def typed(row, by, **texts):
    versions = {name: row.content.get(name, {}).get("v", 0) for name in texts}
    edits = {name: FieldEdit(text, versions[name]) for name, text in texts.items()}
    entries.save(pk=row.pk, edits=edits, by=by)


def test_unchanged_it_asks_what_was_verified(cast):
    row = sent_back(cast)
    assert open_codes(row) == ["W14"]
    typed(row, cast["张三"], why_W14="已与财政台账核对，数据无误")
    assert open_codes(row) == []


def test_changed_it_asks_nothing(cast):
    row = sent_back(cast)
    typed(row, cast["张三"], text=f"{TEXT}已补充车牌清单。")
    assert open_codes(row) == []


def test_a_remark_at_a_field_has_its_own_reply(cast):
    row = sent_back(cast, FieldRemark("text", "写明车辆数"))
    assert open_codes(row) == []
