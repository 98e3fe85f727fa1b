"""What production is not served with, each by its own sentence."""

import secrets

import pytest

from deploy.checks import safety
from deploy.findings import State
from plan.models import DataState
from tests.factories.agencies import UserFactory


@pytest.fixture(autouse=True)
def _safe(settings, tmp_path):
    """Production as it should be; each test spoils one thing."""
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["carbon.example.gov.cn"]
    settings.HTTPS, settings.PLAIN_HTTP = True, False
    settings.DATA_DIR = tmp_path


def blocking():
    return [found.evidence for look in safety.SETTINGS if (found := look()).blocks]


def test_settings_as_they_should_be_block_nothing():
    assert blocking() == []
    assert {look().state for look in safety.SETTINGS} == {State.MET}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("abc", "太弱"),
        ("x" * 80, "太弱"),
        ("abcdefghijk" * 8, "太弱"),
        ("uiAoljDq93h3EDTlF8z0HOEjiMuvMGauiUA4dRgjgxb8XSU", "太弱"),  # 47 characters
        ("django-insecure-" + "q8Zk2vLrT5yWn0XbCm7dFgHjPs4aEuKi9oR1tY6e", "示例"),
        ("change-me-" * 9, "示例"),
    ],
)
def test_a_weak_or_an_example_key(settings, key, said):
    settings.SECRET_KEY = key
    (sentence,) = blocking()
    assert sentence.startswith("DJANGO_SECRET_KEY")
    assert said in sentence
    assert key not in sentence


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "DJANGO_DEBUG开着"),
        ("ALLOWED_HOSTS", [], "没有设置ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS不能是*"),
        ("HTTPS", False, "没有HTTPS"),
        ("PLAIN_HTTP", True, "只能设一个"),
    ],
)
def test_one_unsafe_setting(settings, name, value, said):
    setattr(settings, name, value)
    (sentence,) = blocking()
    assert said in sentence


def test_plain_http_is_served_and_listed(settings):
    settings.HTTPS, settings.PLAIN_HTTP = False, True
    found = safety.https()
    assert (found.state, found.blocks) == (State.SHORT, False)


def test_a_data_folder_that_cannot_be_written(settings, tmp_path):
    (tmp_path / "files").write_bytes(b"in the way of the folder")
    (sentence,) = blocking()
    assert sentence.startswith(f"数据文件夹{tmp_path}/files不能写入")


@pytest.mark.django_db
def test_demonstration_accounts_that_are_open():
    UserFactory(username="jtj_a", is_demo=True)
    UserFactory(username="jtj_b", is_demo=True, is_active=False)
    UserFactory(username="jtj_c")
    found = safety.demonstration_accounts()
    assert found.blocks
    assert found.evidence.startswith("演示账号jtj_a还能登录")


@pytest.mark.django_db
def test_demonstration_data():
    assert not safety.demonstration_data().blocks
    DataState.touch(has_demo=True)
    assert safety.demonstration_data().blocks
