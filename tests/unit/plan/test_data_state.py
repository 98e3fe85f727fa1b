"""The row that every write touches: several touches of one act as one statement."""

import pytest

from plan.models import DataState

pytestmark = pytest.mark.django_db


@pytest.fixture
def state():
    DataState.touch(has_demo=False)
    DataState.touch()
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


class TestChangedTargets:
    def test_what_has_changed_since_a_mark(self, state):
        DataState.touch("targets", only=[7])
        first = DataState.current()
        DataState.touch("targets", only=[9, 8])
        DataState.touch("tasks", only=[1])
        now = DataState.current()
        assert now.targets_since(first.targets_mark) == {8, 9}
        assert now.targets_since(now.targets_mark) == frozenset()
        assert now.targets_since(state.targets_mark) == {7, 8, 9}

    @pytest.mark.parametrize("only", [None, range(101)])
    def test_any_may_have(self, state, only):
        DataState.touch("targets", only=[7])
        before = DataState.current()
        DataState.touch("targets", only=only)
        assert DataState.current().targets_since(before.targets_mark) is None

    def test_touches_of_one_act_count_together(self, state):
        DataState.touch("targets", only=[7])
        before = DataState.current()
        with DataState.touched_once():
            DataState.touch("targets", only=[8])
            DataState.touch("targets", only=())
            DataState.touch("tasks")
        assert DataState.current().targets_since(before.targets_mark) == {8}
        with DataState.touched_once():
            DataState.touch("targets", only=[8])
            DataState.touch()
        assert DataState.current().targets_since(before.targets_mark) is None

    def test_the_log_stays_short(self, state):
        for key in range(30):
            DataState.touch("targets", only=[key])
        log = DataState.current().targets_log
        assert [keys for _, keys in log] == [[key] for key in range(10, 30)]
