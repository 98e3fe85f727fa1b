import pytest
from django.core.exceptions import ImproperlyConfigured

from kaifu_carbon import env

NAME = "KAIFU_TRIED_HERE"


@pytest.mark.parametrize(
    ("raw", "default", "expected"),
    [
        ("", True, True),
        (" ", True, True),
        ("", False, False),
        ("0", True, False),
        ("on", False, True),
    ],
)
def test_an_empty_flag_is_the_default(monkeypatch, raw, default, expected):
    monkeypatch.setenv(NAME, raw)
    assert env.flag(NAME, default=default) is expected


@pytest.mark.parametrize(("raw", "expected"), [("", 90), (" 7 ", 7), ("0", 0)])
def test_a_number(monkeypatch, raw, expected):
    monkeypatch.setenv(NAME, raw)
    assert env.number(NAME, 90) == expected


@pytest.mark.parametrize("raw", ["60  # days", "-1", "1.5", "六十", "９"])
def test_what_is_no_number_is_said(monkeypatch, raw):
    monkeypatch.setenv(NAME, raw)
    with pytest.raises(ImproperlyConfigured, match=rf"{NAME} 应为整数，如 90"):
        env.number(NAME, 90)


def test_a_word_of_a_list(monkeypatch):
    monkeypatch.setenv(NAME, "")
    assert env.one_of(NAME, "production", "trial") == "production"
    monkeypatch.setenv(NAME, "trial")
    assert env.one_of(NAME, "production", "trial") == "trial"
    monkeypatch.setenv(NAME, "Trial")
    with pytest.raises(ImproperlyConfigured, match="应为 production 或 trial，现在是“Trial”"):
        env.one_of(NAME, "production", "trial")


def test_an_empty_path_and_an_empty_text_are_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv(NAME, "")
    assert env.path(NAME, tmp_path) == tmp_path
    assert env.text(NAME, "区发展和改革局双碳办") == "区发展和改革局双碳办"
    assert env.words(NAME, "a, b") == ["a", "b"]


def test_a_database_that_says_nothing_is_given_up_after_a_while():
    found = env.database("postgresql://kaifu:x@10.255.255.1/kaifu")
    assert found["OPTIONS"] == {"connect_timeout": "5"}
    found = env.database("postgresql://kaifu@/kaifu?host=/run&connect_timeout=9&sslmode=require")
    assert found["OPTIONS"] == {"connect_timeout": "9", "sslmode": "require"}
