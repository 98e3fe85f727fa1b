import pytest
from django.core.exceptions import ValidationError

from common.fields import DayField
from common.quarters import Period
from common.web.addresses import own_address
from common.web.input_cleaning import key_of, keys_of, storable


def test_control_characters_go_and_lines_stay():
    assert storable("一\0二\x0b\x1b\uffff\r\n\t三") == "一二\r\n\t三"


@pytest.mark.parametrize("text", ["", "²", "٣", "１２", "-1", "1.0", "1e3", " 1", "9" * 19])
def test_what_cannot_be_a_key(text):
    assert key_of(text) is None


def test_keys():
    assert key_of("017") == 17
    assert keys_of(["3", "x", "9" * 5000, "4"]) == [3, 4]


@pytest.mark.parametrize(
    "asked",
    ["abc", "", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:x",
     "https:///evil", "\x01/my/", "/" + "x" * 2000],
)  # fmt: skip
def test_an_address_elsewhere_is_none(asked):
    assert own_address(asked) == ""


def test_an_own_address_is_kept():
    assert own_address("/my/?period=2026Q3#items") == "/my/?period=2026Q3#items"


@pytest.mark.parametrize("code", ["2026Q5", "2026Q0", "0000", "9999Q4", "２０２６Q3", "2026Q3\n1"])
def test_what_is_no_period(code):
    with pytest.raises(ValueError, match="不是时期"):
        Period.parse(code)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31", "2101-01-01"])
def test_what_is_no_day(day):
    with pytest.raises(ValidationError, match="日期"):
        DayField().clean(day)
