"""更名, 合并 and 撤销 as pages: preview, errors, search, who may."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from audit.models import AuditEvent
from setup.models import AgencyChange
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import TargetFactory
from tests.unit.setup.agency_changes_scene import DOCUMENT, NEW, fresh, rename

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]


def test_the_page_previews_and_writes_only_when_confirmed(admin, heir, zhang, client):
    old = zhang.agency
    target = TargetFactory(code="T30", lead=old, frequency="quarterly")
    filled(ObligationFactory(agency=old, target=target), {"value": "12.5"}, by=zhang)
    client.force_login(admin)
    address = "/plan/manage/agencies/kjj/merge/"
    assert client.get(address).status_code == 200
    data = DOCUMENT | {"day": "2026-11-30", "into": heir.pk, "accounts": "move"}
    shown = client.post(address, data | {"step": "preview"}).content.decode()
    for words in ("2026Q3 T30", "连同已填内容移交", "转入区工业和信息化局", "改为区工信局"):
        assert words in shown
    assert not AgencyChange.objects.exists()
    done = client.post(address, data | {"step": "confirm"}, follow=True).content.decode()
    assert "区科学技术局并入区工业和信息化局：已执行。" in done
    number = AgencyChange.objects.get().pk
    back = client.post(f"/plan/manage/agencies/{number}/back/", follow=True).content.decode()
    assert "“区科学技术局并入区工业和信息化局”已撤回。" in back
    assert fresh(old).valid_to is None


def test_errors_stand_at_their_fields(admin, old, client):
    client.force_login(admin)
    for kind, field in (("rename", "name"), ("merge", "into"), ("abolish", "number")):
        form = client.post(f"/plan/manage/agencies/kjj/{kind}/", {"day": "x"}).context["form"]
        assert {"day", "number", "title", field} <= form.errors.keys()
    far = DOCUMENT | {"day": "2029-01-01", "step": "confirm"}
    form = client.post("/plan/manage/agencies/kjj/abolish/", far).context["form"]
    assert form.errors["day"] == ["生效日期应在今天前后一年以内"]


def test_old_names_are_found_by_search(admin, old, client):
    rename(old, by=admin)
    client.force_login(admin)
    assert NEW["name"] in client.get("/agencies/", {"q": "区科学技术局"}).content.decode()


def test_only_administrators_change_agencies(old):
    for roles in ([Role.REVIEWER], [Role.REPORTER], [Role.LEADER], [Role.SIGNER]):
        user = UserFactory(roles=roles)
        with pytest.raises(PermissionDenied):
            rename(old, by=user)
    assert AuditEvent.objects.filter(object_code="kjj").count() == 0


def test_the_ledger_says_by_which_document(admin, old):
    rename(old, by=admin)
    reasons = AuditEvent.objects.filter(object_code="kjj", action="修改").values_list("reason")
    assert reasons[0][0] == "更名，自2026-11-30，依据关于机构调整的通知（开编委〔2026〕12号）"
