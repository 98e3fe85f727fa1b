"""已报送 is one number: what the bureau has, on every page that says it."""

import re

import pytest
from django.test import Client

from agencies.choices import Role
from reporting.choices import ObligationState
from reporting.models import Obligation
from reporting.submitting import services as submissions
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

NOTHING = {"nothing": "1"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def page(cast):
    """Text of the main part of a page, as somebody of the cast reads it."""

    def read(name, path):
        client = Client()
        client.force_login(cast[name])
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        main = answer.content.decode().partition("<main")[2].partition("</main")[0]
        return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))

    return read


@pytest.fixture
def quarter(cast):
    """Of ten one is empty, one begun, three wait for the signer, four are with the bureau, one
    is approved.
    """
    agency, period = cast["张三"].agency, PeriodFactory()
    rows = [
        filled(ObligationFactory(agency=agency, period=period, kind="contribution"), NOTHING,
               by=cast["张三"])
        for _ in range(9)
    ]  # fmt: skip
    ObligationFactory(agency=agency, period=period, kind="contribution")
    keys = [row.pk for row in rows]
    submissions.hand_over(pks=keys[:8], by=cast["张三"])
    submissions.sign(pks=keys[:5], by=cast["钱审核"])
    Obligation.objects.filter(pk=keys[0]).update(state=ObligationState.APPROVED)
    Obligation.objects.filter(pk=keys[1]).update(state=ObligationState.REVIEWING)
    return agency


def test_every_page_counts_the_same(cast, page, quarter):
    assert cast["钱审核"].has_role(Role.SIGNER)
    home = page("张三", "/my/")
    assert "等钱审核审核3项" in home
    assert "已到区发改局5项" in home
    assert "已报送8项" not in home
    check = page("张三", "/fill/2026Q3/check/")
    assert "待本单位审核人3项" in check
    assert "已报送5项" in check
    assert "已报送5项" in page("张三", f"/fill/2026Q3/receipt/2026Q3-{quarter.code.upper()}-01/")
    assert "10项已报送5项" in page("赵六", "/dashboard/wall/")
    assert "5/10" in page("赵六", f"/agencies/{quarter.code}/")
    chase = page("赵六", "/review/2026Q3/remind/")
    assert "待报5项" in chase
    queue = page("赵六", "/review/?period=2026Q3")
    assert "待报5" in queue
    completeness = page("赵六", "/dashboard/reporting/?period=2026Q3")
    assert "应报10项" in completeness
    assert "待报5项" in completeness


def test_the_pieces_sum_to_what_is_owed(page, quarter):
    chain = re.search(
        r"在您这里(\d).*?本单位审核人(\d).*?区发改局审核(\d).*?已通过(\d)", page("张三", "/my/")
    )
    assert [int(part) for part in chain.groups()] == [2, 3, 4, 1]


def test_nothing_is_called_handed_in_while_the_signer_has_it(cast, page):
    agency = cast["张三"].agency
    rows = [ObligationFactory(agency=agency, kind="contribution") for _ in range(9)]
    for row in rows:
        filled(row, NOTHING, by=cast["张三"])
    submissions.hand_over(pks=[row.pk for row in rows], by=cast["张三"])
    for path in ("/my/", "/fill/2026Q3/check/", "/my/signing/", "/my/history/?period=2026Q3"):
        assert not re.search(r"已报送|已经报送|全部报送", page("张三", path)), path
    assert "待报9项" in page("赵六", "/review/2026Q3/remind/")
