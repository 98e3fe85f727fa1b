import datetime
from decimal import Decimal

import pytest

from common import formats


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (None, 2, "—"),
        (Decimal("0"), 2, "0.00"),
        (Decimal("19.2"), 2, "19.20"),
        (Decimal("19.20"), None, "19.20"),
        (Decimal("915822"), 0, "915,822"),
        (Decimal("1E+3"), None, "1,000"),
        (Decimal("-0.8"), 1, "−0.8"),
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("-2.5"), 0, "−3"),
        (Decimal("-0.04"), 1, "0.0"),
        (30000, None, "30,000"),
    ],
)
def test_number(value, decimals, text):
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.9"), "+0.9"),
        (Decimal("-0.8"), "−0.8"),
        (Decimal("0"), "0.0"),
        (Decimal("0.04"), "0.0"),
        (None, "—"),
    ],
)
def test_signed(value, text):
    assert formats.signed(value, 1) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (Decimal("915822"), "915,822万元（≈91.58亿元）"),
        (Decimal("10000"), "10,000万元（≈1.00亿元）"),
        (Decimal("9999"), "9,999万元"),
        (Decimal("3500.5"), "3,501万元"),
    ],
)
def test_wan(value, text):
    assert formats.wan(value) == text


def test_dates():
    day = datetime.date(2026, 11, 27)
    assert formats.zh_date(day) == "2026年11月27日"
    assert formats.zh_day(day) == "11月27日"
    assert formats.zh_month(day) == "2026年11月"
    assert formats.zh_date_weekday(day) == "2026年11月27日（周五）"
    assert formats.zh_date(None) == formats.zh_date_weekday(None) == formats.zh_month(None) == "—"


def test_moments_are_local():
    moment = datetime.datetime(2026, 11, 20, 17, 12, tzinfo=datetime.UTC)
    assert formats.zh_datetime(moment) == "2026年11月21日 01:12"
    assert formats.zh_date(moment) == "2026年11月21日"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("2026-11-30 01:08:32.753981+00:00", "2026年11月30日 09:08"),
        ("2026-11-30T17:08:32+08:00", "2026年11月30日 17:08"),
        ("2026-11-30", "2026-11-30"),
        ("完成于2026-11-30 01:08:32+00:00", "完成于2026-11-30 01:08:32+00:00"),
        ("", ""),
    ],
)
def test_a_stored_moment_is_read_as_people_write_it(stored, read):
    assert formats.in_words(stored) == read
