"""Links of a page keep its day and its basis wherever the page behind them knows it."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.urls import Resolver404, get_resolver, resolve

from agencies.choices import Role
from agencies.models import Agency
from reporting.choices import WAITING, ObligationState
from reporting.models import Obligation
from tests.documents import document
from tests.factories.agencies import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

STARTS = (
    "/dashboard/", "/targets/", "/tasks/", "/projects/", "/agencies/", "/my/agency/",
    "/dashboard/reporting/", "/dashboard/2025/", "/dashboard/2030/", "/dashboard/2023/progress/",
    "/dashboard/2030/?group=none", "/targets/?q=none", "/tasks/?q=none", "/projects/?q=none",
    "/agencies/?q=none",
)  # fmt: skip
A_VIEW = 3
"""So many pages of a view are read: lists filtered and not, details with much and with little."""
NO_PAGES = re.compile(r"export|data|figure|paths|milestones|vintages|newest")
"""What answers with a file, a figure or another address."""
DAY, BASIS = ("asof", "2026-06-30"), ("basis", "submitted")


def knows(path, name):
    """Whether the view at an address knows the parameter there."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    keeps = getattr(found.func, "keeps", {})
    return name in keeps and keeps[name](**found.kwargs)


def links(page):
    """The addresses in the main part of a page that do not lead out of its day or basis."""
    for element in page.one("main").every(""):
        for attribute in ("href", "src", "data-src"):
            if element.has(attribute) and not element.has("data-today"):
                yield element[attribute]


def read(client, parameter):
    """The pages that links lead to, by address, each asked for with the parameter."""
    name, value = parameter
    starts = [start for start in STARTS if knows(urlsplit(start).path, name)]
    todo, found, times = [ask(start, name, value) for start in starts], {}, {}
    while todo:
        address = todo.pop(0).partition("#")[0]
        view = resolve(urlsplit(address).path).view_name
        if address in found or times.get(view, 0) >= A_VIEW:
            continue
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        if b"<main " not in answer.content:
            continue
        times[view] = times.get(view, 0) + 1
        found[address] = document(answer)
        leads = (urljoin(address, link) for link in links(found[address]))
        todo += [ask(link, name, value) for link in leads if knows(urlsplit(link).path, name)]
    return found, set(times)


def ask(address, name, value):
    """The address with the parameter, wherever it does not have it."""
    head, mark, anchor = address.partition("#")
    if name in parse_qs(urlsplit(head).query):
        return address
    return f"{head}{'&' if '?' in head else '?'}{name}={value}{mark}{anchor}"


def forgetful(address, page, name, value):
    """Links and filters of a page that lose the parameter."""
    for link in links(page):
        path, query = urlsplit(link)[2:4]
        is_meant = (path or query) and knows(path or urlsplit(address).path, name)
        if is_meant and parse_qs(query).get(name) != [value]:
            yield f"{address} → {link}"
    for form in page.one("main").every("form[method=get]"):
        fields = [field["value"] for field in form.every(f"input[name={name}]")]
        if not (form.has("action") or form.has("data-own")) and fields != [value]:
            yield f"{address}: a form with {fields}"


def too_keen(address, page, name):
    """Links that carry the parameter to pages that do not know it; a workbook of what a page shows
    is asked for with the page's whole query."""
    for link in links(page):
        path, query = urlsplit(link)[2:4]
        is_whole = parse_qs(query) == parse_qs(urlsplit(address).query)
        if name in parse_qs(query) and path and not knows(path, name) and not is_whole:
            yield f"{address} → {link}"


def pages_that_know(name):
    """The names of the addresses whose view is marked."""
    for address in get_resolver().url_patterns:
        yield from _names(address, name, "")


def _names(address, name, space):
    if not hasattr(address, "url_patterns"):
        if name in getattr(address.callback, "keeps", {}):
            yield f"{space}:{address.name}"
        return
    for below in address.url_patterns:
        yield from _names(below, name, address.namespace or space)


@pytest.fixture
def reader(client):
    """A reviewer of an agency, who sees most links."""
    agency = Agency.objects.get(code="jtj")
    client.force_login(UserFactory(roles=[Role.REVIEWER, Role.REPORTER], agency=agency))
    return client


@pytest.mark.parametrize("parameter", [DAY, BASIS], ids=["day", "basis"])
def test_links_keep_it_where_the_page_behind_them_knows_it_and_nowhere_else(reader, parameter):
    pages, views = read(reader, parameter)
    assert [lost for at, page in pages.items() for lost in forgetful(at, page, *parameter)] == []
    assert [keen for at, page in pages.items() for keen in too_keen(at, page, parameter[0])] == []
    assert views == {view for view in pages_that_know(parameter[0]) if not NO_PAGES.search(view)}


def test_rows_made_for_everybody_are_no_way_for_it_to_spread(reader):
    """Where nothing waits, rows that are kept for the approved values serve both."""
    Obligation.objects.filter(state__in=WAITING).update(state=ObligationState.RETURNED)
    for parameter in (BASIS, None, BASIS):
        page = document(reader.get("/dashboard/", dict([parameter] if parameter else [])))
        carry = [link for link in links(page) if "basis=" in link]
        assert bool(carry) == bool(parameter)
        if parameter:
            assert list(forgetful("/dashboard/", page, *parameter)) == []
