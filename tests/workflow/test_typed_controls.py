"""Every control in which somebody writes or chooses is in the contract of what is typed.

A form that is sent as a whole is looked after by js/typed.js, one that saves field by field by
js/autosave.js; both come with every page of base.html. What is in neither is named here, with why.
"""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from agencies.choices import Role
from agencies.models import Agency
from tests.browser.test_every_page import DOWNLOADS, kind_of
from tests.documents import document
from tests.factories.agencies import UserFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration", "of_2026q3"),
]

TAGS = ("input", "select", "textarea")
UNWRITTEN = {"hidden", "submit", "button", "file", "password", "reset", "image"}
LEFT_OUT = {"ticks": "与上季度相比 stores each tick the moment that it is set"}
"""Forms with data-typed="off", by their id: why nothing is lost with them."""

NOT_STORED = re.compile(r"is_\w+|pick_\w+|go")
"""What a saving form does not store: it moves the focus, or chooses between two texts."""

ROLES = {
    "admin": ("fgj", [Role.ADMINISTRATOR]),
    "reviewer": ("fgj", [Role.REVIEWER]),
    "reporter": ("jtj", [Role.REPORTER]),
    "signer": ("jtj", [Role.REPORTER, Role.SIGNER]),
}


def pages_of(client):
    """One page of each kind that a role reaches by links, with its address."""
    waiting, kinds = ["/"], set()
    while waiting:
        path = waiting.pop(0)
        if path.startswith(("/admin/", "/logout/")) or kind_of(path) in kinds:
            continue
        kinds.add(kind_of(path))
        answer = client.get(path, follow=True)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code != 200 or answer.streaming or not kind.startswith("text/html"):
            continue
        page = document(answer)
        here = answer.request["PATH_INFO"]
        yield here, page
        for link in page.every("a[href]"):
            parts = urlsplit(urljoin(f"http://testserver{here}", link["href"]))
            if parts.netloc == "testserver" and not parts.path.endswith(DOWNLOADS):
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def written(elements):
    return [
        one
        for one in elements
        if one.has("name") and one.attributes.get("type", "") not in UNWRITTEN
    ]


def controls_of(page, form):
    inside = [one for tag in TAGS for one in form.every(tag) if not one.has("form")]
    identity = form.attributes.get("id")
    beside = [one for tag in TAGS for one in page.every(tag) if one.attributes.get("form")]
    return inside + [one for one in beside if one["form"] == identity]


def holds(own, name):
    return any(one.attributes.get("name") == name for one in own)


def outside(page):
    """The names of controls that nothing keeps."""
    known = {id(one) for made in page.every("template") for tag in TAGS for one in made.every(tag)}
    for form in page.every("form"):
        own = controls_of(page, form)
        known |= {id(one) for one in own}
        is_sent = form.attributes.get("method", "get").lower() == "post"
        if form.attributes.get("data-typed") == "off":
            is_named = form.attributes.get("id") in LEFT_OUT
            yield from (one["name"] for one in written(own) if is_sent and not is_named)
        elif form.has("data-save"):
            names = {one["name"] for one in own if one.has("name")}
            stored = (one["name"] for one in written(own) if not NOT_STORED.fullmatch(one["name"]))
            yield from (name for name in stored if f"v_{name}" not in names)
        elif is_sent and not (page.every("div[data-session]") and holds(own, "held_for")):
            yield from (one["name"] for one in written(own))
    for tag in TAGS:
        for one in written(page.every(tag)):
            is_out = one.attributes.get("data-typed") == "off"
            if id(one) not in known or is_out:
                yield one["name"]


@pytest.mark.parametrize("who", ROLES)
def test_no_control_is_outside_the_contract(who):
    code, roles = ROLES[who]
    client = Client()
    client.force_login(UserFactory(agency=Agency.objects.get(code=code), roles=roles))
    found, forms = {}, 0
    for path, page in pages_of(client):
        forms += len([one for one in page.every("form") if written(controls_of(page, one))])
        if names := set(outside(page)):
            found[path] = names
    assert not found
    assert forms > 10
