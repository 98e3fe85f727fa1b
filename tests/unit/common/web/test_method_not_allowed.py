"""Addresses that only take a POST, opened by a reload, a bookmark or by hand."""

import pytest

from tests.factories.agencies import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/logout/", "/review/undo/", "/manage/periods/2026Q3/refresh/"])
def test_it_says_what_it_is_and_leads_on(client, path):
    client.force_login(UserFactory())
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "这个地址不能直接打开" in page
    assert 'href="/"' in page


def test_a_script_is_told_in_json(client):
    client.force_login(UserFactory())
    answer = client.get("/logout/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (405, "method")
