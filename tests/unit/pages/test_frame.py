"""One value a request says what its page is shown under."""

import datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from pages.asof import Asked
from pages.frame import Frame, frame_of
from plan.models import DataState
from records.asof import AsOf

DAY = datetime.date(2026, 6, 30)


def test_a_request_has_one_frame_and_another_request_another():
    first, second = RequestFactory().get("/"), RequestFactory().get("/")
    assert frame_of(first) is frame_of(first)
    assert frame_of(first) is not frame_of(second)


def test_a_page_that_nothing_is_asked_of_shows_the_approved_values_of_today():
    frame = Frame()
    assert (frame.asked, frame.asof, frame.past_day) == (None, None, None)
    assert frame.day == timezone.localdate()
    assert frame.may_keep
    assert not frame.basis.is_submitted


def test_a_past_day_is_the_day_on_which_the_page_judges():
    frame = Frame(asked=Asked(AsOf(DAY)))
    assert (frame.asof, frame.past_day, frame.day) == (AsOf(DAY), DAY, DAY)


def test_a_day_that_cannot_be_shown_leaves_today():
    assert Frame(asked=Asked(problem="读不出")).asof is None


def test_what_mark_and_body_need_is_read_once():
    frame, values = Frame(), [1, 2]
    assert [frame.once("a", values.pop), frame.once("a", values.pop)] == [2, 2]
    assert frame.once("b", values.pop) == 1


def test_nothing_is_also_read_once():
    found = [None, "second"]
    frame = Frame()
    assert [frame.once("a", lambda: found.pop(0)) for _ in range(2)] == [None, None]


class TestState:
    """A page shows one version: the one that was read first."""

    @pytest.mark.django_db
    def test_it_is_read_once(self, django_assert_num_queries):
        DataState.touch()
        frame = Frame()
        with django_assert_num_queries(1):
            first = frame.state
            assert frame.state is first
        assert first.version == 1

    def test_a_state_that_came_with_something_else_is_not_read_again(self):
        frame, known = Frame(), DataState(version=7)
        frame.know_state(known)
        frame.know_state(DataState(version=8))
        frame.know_state(None)
        assert frame.state is known
