import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.quantities import UnreadableError
from common.year_ranges import parse_years


@pytest.mark.parametrize(
    ("printed", "start", "end"),
    [
        ("2023-2024", 2023, 2024),
        ("2021—2023", 2021, 2023),
        ("2021——2023", 2021, 2023),
        ("2021–2023年", 2021, 2023),
        ("2021～2023", 2021, 2023),
        ("2021~2023", 2021, 2023),
        ("2021－2023", 2021, 2023),
        ("2021至2023年", 2021, 2023),
        ("2021年到2023年", 2021, 2023),
        ("2021年-2023年", 2021, 2023),
        ("２０２１－２０２３", 2021, 2023),
        ("2021一2023", 2021, 2023),
        ("2021-23", 2021, 2023),
        ("2023\n-2024", 2023, 2024),
        ("2023 年 — 2025 年", 2023, 2025),
        ("2023.5-2024.12", 2023, 2024),
        ("2023.05.01-2024.12.31", 2023, 2024),
        ("2023/5-2024/12", 2023, 2024),
        ("2023年3月—2025年6月", 2023, 2025),
        ("202305-202412", 2023, 2024),
        ("2023年第二季度-2024年第四季度", 2023, 2024),
        ("计划2023年3月开工，预计2025年底竣工", 2023, 2025),
        ("2023-2024（一期）", 2023, 2024),
        ("2023、2024", 2023, 2024),
        ("二〇二一年至二〇二三年", 2021, 2023),
        ("“十四五”期间", 2021, 2025),
        ("2023", 2023, 2023),
        ("2023年", 2023, 2023),
        ("2023-05", 2023, 2023),
        ("2023年6月底", 2023, 2023),
        (2023, 2023, 2023),
        (2023.0, 2023, 2023),
        (2023.5, 2023, 2023),
        (datetime.date(2023, 5, 1), 2023, 2023),
        (datetime.datetime(2023, 5, 1, 8, tzinfo=datetime.UTC), 2023, 2023),
        ("2025年底前", None, 2025),
        ("2025年建成", None, 2025),
        ("2023年开工", 2023, None),
        ("2023年起", 2023, None),
        ("2023年至今", 2023, None),
        ("长期", None, None),
        ("24个月", None, None),
        ("待定", None, None),
        ("/", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_spans(printed, start, end):
    years = parse_years(printed)
    assert (years.start, years.end) == (start, end)


@pytest.mark.parametrize(
    "printed",
    [
        "2024-2021",
        "20233-2024",
        "2O21-2023",
        "2021-2023-2025",
        "2021、2024",
        "23-25",
        "2023-202",
        "1905",
        "2199",
        "45000",
        20232024.0,
        "尽快",
        True,
        datetime.time(3, 4),
        datetime.date(1905, 7, 15),
    ],
)
def test_broken_and_reversed_spans_are_refused(printed):
    with pytest.raises(UnreadableError):
        parse_years(printed)


def test_spans_say_what_was_overcome():
    assert parse_years("2021—2023").notes == ("dash",)
    assert parse_years("2023.5-2024.12").notes == ("months",)
    assert parse_years("2021-2023").notes == ()
    assert "only_end" in parse_years("2025年底前").notes


@given(
    st.integers(1990, 2050),
    st.integers(1, 19),
    st.sampled_from(["-", "—", "–", "～", "~", "至", "到", "－", "——", " - "]),
    st.sampled_from(["", "年", " 年"]),
)
def test_any_dash_reads_the_same(start, length, dash, suffix):
    years = parse_years(f"{start}{suffix}{dash}{start + length}{suffix}")
    assert (years.start, years.end) == (start, start + length)
