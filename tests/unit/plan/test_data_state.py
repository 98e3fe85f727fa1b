"""The row that every write touches: several touches of one act as one statement."""

import pytest

from plan.models import DataState

pytestmark = pytest.mark.django_db


@pytest.fixture
def state():
    DataState.touch(has_demo=False)
    return DataState.current()


def test_touches_of_one_act_are_one_statement(state, django_assert_num_queries):
    with django_assert_num_queries(1), DataState.touched_once():
        DataState.touch("targets")
        DataState.touch("tasks", has_demo=True)
    now = DataState.current()
    assert (now.version, now.has_demo) == (state.version + 1, True)
    changed = {area for area in ("plan", "targets", "tasks", "projects")
               if now.mark_of(area) != state.mark_of(area)}  # fmt: skip
    assert changed == {"targets", "tasks"}


def test_an_act_that_fails_touches_nothing_and_the_next_one_does(state):
    with pytest.raises(ValueError, match="refused"):
        _act_that_fails()
    assert DataState.current().version == state.version
    DataState.touch()
    assert DataState.current().version == state.version + 1


def _act_that_fails():
    with DataState.touched_once():
        DataState.touch()
        raise ValueError("refused")


def test_an_act_without_touches_says_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), DataState.touched_once():
        pass
