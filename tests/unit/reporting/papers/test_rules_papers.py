"""What a sheet holds, its checksum, which rounds stand and under which number. Pure."""

import hashlib
from dataclasses import asdict, fields, replace

import pytest

from reporting.papers.rules import summary
from reporting.papers.rules.contents import (
    Contents,
    Hand,
    PrintedRow,
    canonical,
    read,
    stored,
)
from reporting.papers.rules.standing import HandIn, Round, next_number, standing

ROW = PrintedRow(
    item=1, kind="target", code="T18", name="纯电动公交车比例", value="78.60%", beside="部门统计",
    goal="2025年 ≥75%", last="77.90%", source="公交台账", lines=(("备注", "含旅游公交"),),
    doubts=(("低于进度要求", "报废较多"),), evidence=("公交台账.xlsx",),
)  # fmt: skip
CONTENTS = Contents(
    number="2026Q3-JTJ-01-1", agency="长沙市开福区交通运输局", addressee="长沙市开福区发展和改革局",
    period="2026年第三季度", handed_in="2026-11-30T10:26:00+08:00", summary="本件报送1项。",
    rows=(ROW,), prepared=(Hand(name="王芳", at="2026-11-30T09:11:00+08:00", phone="0731-1"),),
    signed=(Hand(name="陈磊", at="2026-11-30T10:26:00+08:00"),),
)  # fmt: skip


def checksum(contents):
    return hashlib.sha256(canonical(contents)).hexdigest()


def test_what_was_kept_is_what_was_issued():
    assert read(stored(CONTENTS)) == CONTENTS
    assert checksum(read(stored(CONTENTS))) == checksum(CONTENTS)


def other(value):
    """A value of the same type that differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value}1" if isinstance(value, str) else (*value, *value[-1:])


@pytest.mark.parametrize("name", [one.name for one in fields(Contents)])
def test_each_part_of_the_sheet_changes_the_checksum(name):
    changed = replace(CONTENTS, **{name: other(getattr(CONTENTS, name))})
    assert checksum(changed) != checksum(CONTENTS)


@pytest.mark.parametrize("name", [one.name for one in fields(PrintedRow)])
def test_each_part_of_a_row_changes_the_checksum(name):
    row = replace(ROW, **{name: other(getattr(ROW, name))})
    assert checksum(replace(CONTENTS, rows=(row,))) != checksum(CONTENTS)


@pytest.mark.parametrize("hand", ["prepared", "signed"])
@pytest.mark.parametrize("name", [one.name for one in fields(Hand)])
def test_who_and_when_change_the_checksum(hand, name):
    (one,) = getattr(CONTENTS, hand)
    changed = replace(one, **{name: f"{asdict(one)[name]}1"})
    assert checksum(replace(CONTENTS, **{hand: (changed,)})) != checksum(CONTENTS)


def test_sections_are_numbered_without_gaps_and_the_last_short_one_stays_with_the_signatures():
    rows = [replace(ROW, kind=kind) for kind in ("target", "project", "contribution")]
    found = replace(CONTENTS, rows=tuple(rows)).sections
    assert [part.heading for part in found] == [
        "一、指标（1项）", "二、配合事项（1项）", "三、项目（1项）",
    ]  # fmt: skip
    assert [part.stays_together for part in found] == [False, False, True]
    many = replace(CONTENTS, rows=tuple(rows[1:2] * 4)).sections
    assert [part.stays_together for part in many] == [False]


def round_(item, obligation=1, submission=1, number=1, **facts):
    known = {"is_withdrawn": False, "is_approved": False, "is_settled": False} | facts
    return Round(item=item, obligation=obligation, submission=submission, round=number, **known)


def stands(*rounds):
    return {one.item for one in standing(rounds).values()}


def test_the_newest_round_stands_unless_it_was_withdrawn():
    assert stands(round_(1), round_(2, number=2)) == {2}
    assert stands(round_(1), round_(2, number=2, is_withdrawn=True)) == {1}
    assert stands(round_(1, is_withdrawn=True)) == set()
    assert stands(round_(1), round_(5, obligation=2)) == {1, 5}


def test_an_abandoned_correction_leaves_the_approved_round():
    first = round_(1, is_approved=True, is_settled=True)
    returned = round_(2, number=2, is_settled=True)
    assert stands(first, returned) == {1}
    under_way = [replace(one, is_settled=False) for one in (first, returned)]
    assert stands(*under_way) == {2}


@pytest.mark.parametrize(
    ("sent", "standing", "sending", "expected"),
    [
        ([], [], [1], ("2026Q3-JTJ-01", 1)),
        ([(1, "01", 1)], [round_(1)], [2], ("2026Q3-JTJ-02", 1)),
        ([(1, "01", 2)], [], [1], ("2026Q3-JTJ-01", 3)),
        ([(1, "01", 1)], [round_(1)], [1], ("2026Q3-JTJ-01", 2)),
        ([(1, "01", 1)], [round_(1), round_(2, 2)], [1], ("2026Q3-JTJ-02", 1)),
        ([(1, "01", 3), (2, "01", 2)], [], [1], ("2026Q3-JTJ-01", 4)),
        ([(1, "01", 3), (2, "01", 2)], [round_(1)], [2], ("2026Q3-JTJ-02", 1)),
    ],
)  # fmt: skip
def test_a_hand_in_that_takes_the_place_of_the_last_one_keeps_its_number(
    sent, standing, sending, expected
):
    known = [HandIn(pk, f"2026Q3-JTJ-{number}", version) for pk, number, version in sent]
    found = next_number(series="2026Q3-JTJ", sent=known, standing=standing, sending=sending)
    assert found == expected


def test_the_sentences_of_the_head():
    rows = [ROW, replace(ROW, kind="task")]
    assert summary.counted(rows) == "本件报送2项：指标1项、牵头任务1项；没有配合事项、项目。"
    assert summary.edition(2, 1, "11月27日", 8, "已撤回作废") == (
        "本件为第2版，11月27日的第1版（8项）已撤回作废。"
    )
    assert summary.gone(["T18"], ["5-1"]) == "作废：T18已撤回，5-1已重新报送"
    codes = [f"T{n}" for n in range(9)]
    assert summary.gone(codes, []) == "作废：T0、T1、T2、T3、T4、T5等9项已撤回"
