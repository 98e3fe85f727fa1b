"""What the script of a form is answered: saved, merged, refused, always as JSON."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import ObligationState, PeriodState
from reporting.models import Presence
from reporting.models.obligations import KIND_PATHS
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def obligation():
    return ObligationFactory(target__code="T18", target__unit="%")


@pytest.fixture
def zhang(obligation):
    return UserFactory(name="张三", agency=obligation.agency)


@pytest.fixture
def li(obligation):
    return UserFactory(name="李四", agency=obligation.agency)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def place(obligation, what="save"):
    return f"/fill/2026Q3/{KIND_PATHS[obligation.kind]}/{obligation.subject_code}/{what}/"


def send(client, obligation, what="save", **data):
    answer = client.post(place(obligation, what), data, **JSON)
    return answer.status_code, answer.json()


def test_a_field_is_saved_with_its_version_and_time(obligation, zhang):
    status, said = send(signed_in(zhang), obligation, value="78.6", v_value=0)
    assert status == 200
    assert (said["state"], said["version"], said["fields"]) == ("draft", 1, {"value": {"v": 1}})
    assert len(said["saved_at"].split(":")) == 3
    assert said["conflicts"] == []
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6"}


def test_several_fields_go_in_one_request(obligation, zhang):
    send(signed_in(zhang), obligation, value="78.6", v_value=0, note="七月上线", v_note=0)
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6", "note": "七月上线"}
    assert AuditEvent.objects.filter(action="填写").count() == 1


def look(client, obligation):
    answer = client.get(place(obligation), **JSON)
    return answer.status_code, answer.json()


def test_a_text_that_is_no_number_is_saved_and_quietly_doubted(obligation, zhang):
    send(signed_in(zhang), obligation, value="abc", v_value=0)
    _, said = look(signed_in(zhang), obligation)
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "abc"}
    assert [(one["field"], one["level"]) for one in said["findings"]] == [("value", "error")]


def test_what_is_only_missing_is_not_said_while_typing(obligation, zhang):
    send(signed_in(zhang), obligation, note="七月上线", v_note=0)
    _, said = look(signed_in(zhang), obligation)
    assert [one for one in said["findings"] if one["level"] == "error"] == []


def test_a_doubt_comes_with_its_remedy_its_reason_and_the_numbers_that_follow(obligation, zhang):
    ObservationFactory(target=obligation.target, year=2026, quarter=2, value="77.90")
    client = signed_in(zhang)
    send(client, obligation, value="0.786", v_value=0, availability="new", v_availability=0)
    _, said = look(client, obligation)
    doubt = next(one for one in said["findings"] if one["remedy"])
    assert (doubt["field"], doubt["level"], doubt["remedy"]) == ("value", "doubt", "78.6")
    assert (doubt["needs_reason"], doubt["reason"], doubt["reason_v"]) == (True, "", 0)
    assert said["live"]["change"].startswith("−77.1")
    reason = f"why_{doubt['code']}"
    send(client, obligation, **{reason: "数据属实，单位是小数", f"v_{reason}": 0})
    again = next(
        one for one in look(client, obligation)[1]["findings"] if one["code"] == doubt["code"]
    )
    assert (again["needs_reason"], again["reason_v"]) == (False, 2)


def test_only_who_may_read_an_item_is_told_its_doubts(obligation):
    assert look(signed_in(UserFactory()), obligation)[0] == 403
    assert look(signed_in(UserFactory(roles=[Role.REVIEWER])), obligation)[0] == 200
    assert look(Client(), obligation)[0] == 401


def test_of_two_texts_for_one_field_the_second_is_told_both(obligation, zhang, li):
    send(signed_in(zhang), obligation, note="甲", v_note=0)
    status, said = send(signed_in(li), obligation, note="乙", v_note=0)
    (conflict,) = said["conflicts"]
    assert status == 200
    at = conflict.pop("at")
    assert len(at) == 5
    assert conflict == {
        "field": "note", "label": "备注", "mine": "乙", "theirs": "甲", "by": "张三", "v": 1,
    }  # fmt: skip
    assert "note" not in said["fields"]
    _, said = send(signed_in(li), obligation, note="乙", v_note=1)
    assert said["conflicts"] == []


def test_the_text_that_is_not_chosen_stays_in_the_ledger(obligation, zhang):
    client = signed_in(zhang)
    send(client, obligation, note="甲", v_note=0)
    assert send(client, obligation, "give-up", field="note", text="乙") == (200, {})
    event = AuditEvent.objects.get(action="放弃的文字")
    assert event.changes == [["备注", "乙", "甲"]]


def test_other_agencies_are_refused_with_a_sentence(obligation):
    for other in (UserFactory(), UserFactory(roles=[Role.REVIEWER])):
        status, said = send(signed_in(other), obligation, value="1", v_value=0)
        assert (status, said["code"]) == (403, "forbidden")
        assert said["message"]
    obligation.refresh_from_db()
    assert obligation.content == {}


def test_roles_without_forms_are_refused_as_json(obligation):
    leader = UserFactory(roles=[Role.LEADER], agency=None)
    status, said = send(signed_in(leader), obligation, value="1", v_value=0)
    assert (status, said["code"]) == (403, "forbidden")


def test_an_address_of_a_contribution_is_everybodys_own():
    theirs = ObligationFactory(kind="contribution")
    mine = ObligationFactory(kind="contribution", task=theirs.task)
    user = UserFactory(agency=mine.agency)
    status, _ = send(signed_in(user), theirs, text="配合完成", v_text=0)
    assert status == 200
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (theirs.texts, mine.texts) == ({}, {"text": "配合完成"})
    stranger = UserFactory(agency=AgencyFactory())
    assert send(signed_in(stranger), theirs, text="1", v_text=0)[0] == 404


@pytest.mark.parametrize(
    "path", ["/fill/2026Q3/targets/T99/save/", "/fill/2026/targets/T18/save/",
             "/fill/x/targets/T18/save/", "/fill/2026Q3/grid/T18/save/"],
)  # fmt: skip
def test_an_address_without_an_item_is_answered_as_json(obligation, zhang, path):
    answer = signed_in(zhang).post(path, {"value": "1", "v_value": 0}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "gone")


def test_what_does_not_go_now_is_a_409_with_its_sentence(obligation, zhang):
    obligation.state = ObligationState.SUBMITTED
    obligation.save()
    status, said = send(signed_in(zhang), obligation, value="1", v_value=0)
    assert (status, said["code"]) == (409, "conflict")
    assert "先撤回" in said["message"]
    obligation.state = ObligationState.EMPTY
    obligation.save()
    obligation.period.state = PeriodState.CLOSED
    obligation.period.save()
    assert send(signed_in(zhang), obligation, value="1", v_value=0)[0] == 409


def test_what_cannot_be_stored_says_so_and_never_stops_the_others(obligation, zhang):
    long = "长" * 30_000
    fields = {"note": long, "value": "78.6", "invested_wan": "1"}
    status, said = send(
        signed_in(zhang), obligation, **fields, **{f"v_{name}": 0 for name in fields}
    )
    assert (status, said["code"]) == (422, "unsaved")
    assert {one["field"] for one in said["unsaved"]} == {"note", "invested_wan"}
    assert "现有30000字，超过能保存的20000字" in said["unsaved"][0]["message"]
    assert set(said["fields"]) == {"value"}
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6"}


def test_the_longest_text_is_stored_whole(obligation, zhang):
    long = "长" * 20_000
    assert send(signed_in(zhang), obligation, note=long, v_note=0)[0] == 200
    obligation.refresh_from_db()
    assert obligation.texts["note"] == long


def test_without_a_script_what_cannot_be_stored_is_shown_again(obligation, zhang):
    long = "长" * 20_001
    sent = {"note": long, "v_note": 0, "value": "78.6", "v_value": 0}
    answer = signed_in(zhang).post(obligation.get_absolute_url(), sent)
    assert answer.status_code == 422
    assert "备注：现有20001字" in answer.content.decode()
    assert long in answer.content.decode()
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6"}


def test_signed_out_is_a_401_for_scripts_and_the_sign_in_page_for_people(obligation):
    status, said = send(Client(), obligation, value="1", v_value=0)
    assert (status, said["code"]) == (401, "signed_out")
    assert Client().post(place(obligation), {}).headers["Location"].startswith("/login/")


def test_a_request_from_elsewhere_is_a_403_as_json(obligation, zhang):
    client = Client(enforce_csrf_checks=True)
    client.force_login(zhang)
    status, said = send(client, obligation, value="1", v_value=0)
    assert (status, said["code"]) == (403, "csrf")


def test_a_page_of_one_person_does_not_write_in_the_name_of_another(obligation, zhang, li):
    status, said = send(signed_in(li), obligation, value="1", v_value=0, user=zhang.pk)
    assert (status, said["code"]) == (403, "other_person")
    assert "李四" in said["message"]
    obligation.refresh_from_db()
    assert obligation.content == {}


def test_presence_names_the_others_and_brings_what_they_changed(obligation, zhang, li):
    assert send(signed_in(zhang), obligation, "presence", since=0)[1]["present"] == ""
    filled(obligation, {"note": "甲"}, by=li)
    _, said = send(signed_in(li), obligation, "presence", since=1)
    assert said["present"].startswith("张三 也在填写本项（")
    assert said["changed"] == []
    _, said = send(signed_in(zhang), obligation, "presence", since=0)
    assert said["present"].startswith("李四 也在填写本项（")
    assert said["version"] == 1
    assert [(one["name"], one["text"], one["by"]) for one in said["changed"]] == [
        ("note", "甲", "李四")
    ]
    assert 0 < said["left"] <= 1800
    assert Presence.objects.count() == 2


def test_presence_is_refused_where_the_item_takes_no_entries(obligation, zhang):
    obligation.state = ObligationState.SIGNING
    obligation.save()
    status, said = send(signed_in(zhang), obligation, "presence")
    assert (status, said["code"]) == (409, "conflict")


@pytest.mark.parametrize("kind", ["target", "task", "contribution", "project"])
def test_a_save_takes_at_most_twelve_statements_whatever_the_size_of_the_plan(kind):
    obligation = ObligationFactory(kind=kind)
    zhang = UserFactory(agency=obligation.agency)
    client = signed_in(zhang)
    name = {"contribution": "text", "target": "note"}.get(kind, "problems")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            data = {name: str(number), f"v_{name}": number}
            assert send(client, obligation, **data)[0] == 200
        counts.append(len(captured))
        ObligationFactory.create_batch(10, kind=kind, agency=obligation.agency)
    assert counts[0] == counts[1] <= 8, counts
    with CaptureQueriesContext(connection) as captured:
        assert look(client, obligation)[0] == 200
    assert len(captured) <= 7


def test_presence_takes_few_statements(obligation, zhang, li, django_assert_max_num_queries):
    client = signed_in(zhang)
    Presence.objects.create(obligation=obligation, user=li, seen_at="2026-11-22T09:00:00+08:00")
    with django_assert_max_num_queries(6):
        send(client, obligation, "presence")
