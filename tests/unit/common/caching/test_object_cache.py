"""The cache that keeps objects themselves."""

import pytest

from common.caching.object_cache import ObjectCache


@pytest.fixture
def cache():
    return ObjectCache("made", {"OPTIONS": {"MAX_ENTRIES": 2}})


def test_what_is_kept_is_handed_out_itself(cache):
    kept = object()
    cache.set("a", kept)
    assert cache.get("a") is kept
    assert cache.get("b", "none") == "none"


def test_every_thread_has_the_same(cache):
    cache.set("a", 1)
    assert ObjectCache("made", {"OPTIONS": {"MAX_ENTRIES": 2}}).get("a") == 1
    cache.clear()
    assert cache.get("a") is None


def test_what_was_asked_for_longest_ago_goes_first(cache):
    cache.set("a", 1)
    cache.set("b", 2)
    cache.get("a")
    cache.set("c", 3)
    assert [cache.get(name) for name in "abc"] == [1, None, 3]
