from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from common.files.store import DamagedError
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.filling.selectors.evidence import MOST_FILES, evidence_block, store
from reporting.filling.services import evidence
from reporting.models import Evidence, Obligation, ReportingSetting, StoredFile
from reporting.policies import ConflictError
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.evidence import attach, upload
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.tasks import TaskFactory
from tests.unit.common.files.document_bytes import JPG, PDF, PROGRAM, good

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def obligation(cast):
    return ObligationFactory(agency=cast["张三"].agency)


def add(obligation, by, *uploads):
    return evidence.add(obligation=obligation, uploads=uploads or (upload(),), by=by)


def content(row, by):
    with evidence.open_file(evidence=row, by=by) as file:
        return file.read()


def another_pdf(number):
    return PDF + b"%" * (number + 1)


def events(action):
    return list(AuditEvent.objects.filter(action=action))


def test_a_file_gets_to_its_item(cast, obligation):
    (row,) = add(obligation, cast["张三"]).evidence
    assert (row.name, row.uploaded_by, row.obligation) == ("公交台账.pdf", "张三", obligation)
    assert row.file.content_type == "application/pdf"
    assert store().path(row.file.sha256).read_bytes() == PDF
    (event,) = events("上传佐证")
    assert event.object_code == obligation.code
    assert event.changes == [["佐证材料", "", "公交台账.pdf"]]


def test_who_attaches_evidence_has_filled_the_item_in(cast, obligation):
    add(obligation, cast["张三"])
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.DRAFT
    assert obligation.editors == [cast["张三"].pk]
    assert obligation.last_editor == "张三"


def test_the_same_file_twice_is_one_file_and_says_so(cast, obligation):
    add(obligation, cast["张三"])
    again = add(obligation, cast["李四"], upload("另一个名字.pdf"))
    assert again.evidence == ()
    assert again.refusals == ("另一个名字.pdf：这份文件已经上传，名称是“公交台账.pdf”。",)
    assert Evidence.objects.count() == StoredFile.objects.count() == 1


def test_the_same_file_twice_in_one_go(cast, obligation):
    both = add(obligation, cast["张三"], upload("a.pdf"), upload("b.pdf"))
    assert [row.name for row in both.evidence] == ["a.pdf"]
    assert len(both.refusals) == 1


def test_the_same_content_of_two_items_is_stored_once(cast, obligation):
    other = ObligationFactory(agency=obligation.agency)
    add(obligation, cast["张三"])
    add(other, cast["张三"])
    assert Evidence.objects.count() == 2
    assert StoredFile.objects.count() == 1


def test_a_refused_file_does_not_hold_up_the_others(cast, obligation):
    files = (upload("a.pdf"), upload("b.pdf", PROGRAM), upload("c.jpg", JPG))
    added = add(obligation, cast["张三"], *files)
    assert [row.name for row in added.evidence] == ["a.pdf", "c.jpg"]
    (sentence,) = added.refusals
    assert sentence.startswith("b.pdf：扩展名是.pdf，内容不是PDF文件，而是程序")


def test_nothing_but_refusals_writes_nothing(cast, obligation):
    assert add(obligation, cast["张三"], upload("b.pdf", PROGRAM)).evidence == ()
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.EMPTY
    assert not StoredFile.objects.exists()
    assert list(store().contents()) == []
    assert not AuditEvent.objects.exists()


def test_the_limit_is_the_bureau_s(cast, obligation):
    ReportingSetting.objects.create(code="EVIDENCE_MB", value=1)
    large = upload("批复.pdf", PDF + bytes(1024 * 1024))
    (sentence,) = add(obligation, cast["张三"], large).refusals
    assert sentence == "批复.pdf：文件有1.0MB，超过1MB的上限，压缩图片或拆成几份后重新上传。"
    assert not Evidence.objects.exists()


def test_at_most_twenty_files(cast, obligation):
    files = [upload(f"{n}.pdf", another_pdf(n)) for n in range(MOST_FILES + 2)]
    added = add(obligation, cast["张三"], *files)
    assert len(added.evidence) == MOST_FILES
    assert len(added.refusals) == 2
    assert "每项最多20份佐证" in added.refusals[0]


def test_a_removed_file_makes_room(cast, obligation):
    (row,) = add(obligation, cast["张三"]).evidence
    evidence.remove(evidence=row, by=cast["李四"])
    assert [row.name for row in add(obligation, cast["张三"]).evidence] == ["公交台账.pdf"]


def test_a_removed_file_stays_readable(cast, obligation):
    (row,) = add(obligation, cast["张三"]).evidence
    gone = evidence.remove(evidence=row, by=cast["李四"])
    assert gone.removed_at is not None
    assert content(row, cast["张三"]) == PDF
    assert evidence_block(obligation=obligation, limit_mb=20).files == ()
    (event,) = events("移除佐证")
    assert event.changes == [["佐证材料", "公交台账.pdf", ""]]
    obligation.refresh_from_db()
    assert obligation.editors == [cast["张三"].pk, cast["李四"].pk]


def test_removing_twice_is_removing_once(cast, obligation):
    (row,) = add(obligation, cast["张三"]).evidence
    first = evidence.remove(evidence=row, by=cast["张三"])
    assert evidence.remove(evidence=row, by=cast["张三"]).removed_at == first.removed_at
    assert len(events("移除佐证")) == 1


def test_an_approved_file_cannot_be_removed(cast, obligation):
    row = attach(obligation, is_locked=True)
    Obligation.objects.filter(pk=obligation.pk).update(
        state=ObligationState.DRAFT, correction_reason="数据有误"
    )
    with pytest.raises(ConflictError, match="随审核通过锁定"):
        evidence.remove(evidence=row, by=cast["张三"])
    with pytest.raises(IntegrityError):
        Evidence.objects.filter(pk=row.pk).update(removed_at=timezone.now())


SENT = (
    ObligationState.SIGNING,
    ObligationState.SUBMITTED,
    ObligationState.REVIEWING,
    ObligationState.APPROVED,
)


@pytest.mark.parametrize("state", SENT)
def test_nothing_changes_while_the_item_is_not_the_agency_s_to_write(cast, obligation, state):
    row = attach(obligation)
    Obligation.objects.filter(pk=obligation.pk).update(state=state)
    obligation.refresh_from_db()
    with pytest.raises(ConflictError):
        add(obligation, cast["张三"], upload("b.jpg", JPG))
    with pytest.raises(ConflictError):
        evidence.remove(evidence=row, by=cast["张三"])
    with pytest.raises(ConflictError):
        evidence.reuse_last(obligation=obligation, by=cast["张三"])
    assert Evidence.objects.filter(removed_at=None).count() == 1


def test_nothing_is_added_after_the_period(cast):
    closed = PeriodFactory(year=2026, quarter=1, state=PeriodState.CLOSED)
    obligation = ObligationFactory(agency=cast["张三"].agency, period=closed)
    with pytest.raises(ConflictError, match="已经关闭"):
        add(obligation, cast["张三"])
    assert list(store().contents()) == []


WRITERS = {"张三", "李四"}
READERS = {"张三", "李四", "钱审核", "赵六"}
PEOPLE = ("张三", "李四", "钱审核", "王五", "赵六", "孙领导", "管理员")


@pytest.mark.parametrize("name", PEOPLE)
def test_who_may_do_what(cast, obligation, name):
    row = attach(obligation)
    deeds = {
        "add": lambda: add(obligation, cast[name], upload("b.jpg", JPG)),
        "remove": lambda: evidence.remove(evidence=row, by=cast[name]),
        "read": lambda: content(row, cast[name]),
    }
    done = set()
    for deed, act in deeds.items():
        with suppress(PermissionDenied):
            act()
            done.add(deed)
    assert done == ({"add", "remove"} if name in WRITERS else set()) | (
        {"read"} if name in READERS else set()
    )


@pytest.mark.parametrize("field", ["lead", "convenor"])
def test_who_leads_the_task_reads_what_proves_a_contribution(cast, field):
    mine = {"lead": None, field: cast["王五"].agency}
    obligation = ObligationFactory(
        agency=cast["张三"].agency,
        kind=ObligationKind.CONTRIBUTION,
        task=TaskFactory(**mine),
    )
    row = attach(obligation)
    assert content(row, cast["王五"]) == PDF
    with pytest.raises(PermissionDenied):
        evidence.remove(evidence=row, by=cast["王五"])
    stranger = UserFactory(agency=AgencyFactory(), roles=[Role.REPORTER])
    with pytest.raises(PermissionDenied):
        evidence.open_file(evidence=row, by=stranger)


def test_each_download_is_in_the_ledger(cast, obligation):
    content(attach(obligation), cast["赵六"])
    (event,) = events("下载佐证")
    assert (event.actor_name, event.object_code, event.succeeded) == ("赵六", obligation.code, True)


def test_a_refused_download_is_in_the_ledger_too(cast, obligation):
    row = attach(obligation)
    with pytest.raises(PermissionDenied, match="不属于这个单位"):
        content(row, cast["王五"])
    (event,) = events("下载佐证")
    assert (event.actor_name, event.succeeded) == ("王五", False)


def test_a_damaged_file_is_not_given_out_and_the_ledger_says_so(cast, obligation):
    row = attach(obligation)
    store().path(row.file.sha256).write_bytes(b"x")
    with pytest.raises(DamagedError):
        evidence.open_file(evidence=row, by=cast["张三"])
    (event,) = events("下载佐证")
    assert not event.succeeded


def test_uploading_it_again_heals_a_damaged_file(cast, obligation):
    row = attach(obligation)
    store().path(row.file.sha256).unlink()
    assert add(obligation, cast["张三"]).evidence == ()
    assert content(row, cast["张三"]) == PDF


@pytest.fixture
def last(obligation):
    """The same subject's item of the quarter before, approved with two files."""
    before = PeriodFactory(year=2026, quarter=2, state=PeriodState.CLOSED)
    found = ObligationFactory(
        agency=obligation.agency,
        target=obligation.target,
        period=before,
        state=ObligationState.APPROVED,
    )
    attach(found, is_locked=True)
    attach(found, name="照片.jpg", data=JPG, is_locked=True)
    attach(found, name="没用的.pdf", data=another_pdf(1))
    return found


def test_last_quarter_s_evidence_is_used_again(cast, obligation, last):
    added = evidence.reuse_last(obligation=obligation, by=cast["张三"])
    assert [(row.name, row.is_reused, row.is_locked) for row in added.evidence] == [
        ("公交台账.pdf", True, False),
        ("照片.jpg", True, False),
    ]
    assert StoredFile.objects.count() == 3
    (event,) = events("沿用佐证")
    assert len(event.changes) == 2
    evidence.remove(evidence=added.evidence[0], by=cast["张三"])
    assert Evidence.objects.filter(obligation=last, removed_at=None).count() == 3


def test_only_what_is_not_there_yet_is_used_again(cast, obligation, last):
    add(obligation, cast["张三"])
    assert [file.name for file in evidence_block(obligation=obligation, limit_mb=20).last] == [
        "照片.jpg"
    ]
    added = evidence.reuse_last(obligation=obligation, by=cast["张三"])
    assert [row.name for row in added.evidence] == ["照片.jpg"]
    with pytest.raises(ConflictError, match="没有审核通过的佐证"):
        evidence.reuse_last(obligation=obligation, by=cast["张三"])


def test_a_correction_offers_nothing_of_its_own_or_of_others(cast, obligation, last):
    stranger = ObligationFactory(
        agency=cast["王五"].agency, target=obligation.target, period=last.period
    )
    attach(stranger, name="别家的.jpg", data=JPG + b"x", is_locked=True)
    attach(ObligationFactory(agency=obligation.agency, period=last.period), is_locked=True)
    names = [file.name for file in evidence_block(obligation=obligation, limit_mb=20).last]
    assert names == ["公交台账.pdf", "照片.jpg"]
    assert evidence_block(obligation=last, limit_mb=20).last == ()


def test_the_latest_approved_quarter_counts(obligation, last):
    first = PeriodFactory(year=2025, quarter=4, state=PeriodState.CLOSED)
    older = ObligationFactory(agency=obligation.agency, target=obligation.target, period=first)
    attach(older, name="旧的.zip", data=good("zip"), is_locked=True)
    names = [file.name for file in evidence_block(obligation=obligation, limit_mb=20).last]
    assert names == ["公交台账.pdf", "照片.jpg"]
    Evidence.objects.filter(obligation=last).update(is_locked=False)
    names = [file.name for file in evidence_block(obligation=obligation, limit_mb=20).last]
    assert names == ["旧的.zip"]


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "1 KB"), (219_136, "214 KB"), (1024 * 1024, "1.0 MB"), (20_971_520, "20.0 MB")],
)
def test_sizes_in_words(obligation, size, text):
    row = attach(obligation)
    StoredFile.objects.update(size=size)
    (file,) = evidence_block(obligation=obligation, limit_mb=20).files
    assert (file.pk, file.size_text) == (row.pk, text)


def test_the_block_is_one_statement_however_much_there_is(
    obligation, last, django_assert_num_queries
):
    for number in range(10):
        attach(obligation, name=f"{number}.pdf", data=another_pdf(number + 5))
    with django_assert_num_queries(1):
        block = evidence_block(obligation=obligation, limit_mb=20)
    assert len(block.files) == 10
