"""A cache of this process that stores the objects themselves, not pickled copies."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from django.core.cache.backends.base import BaseCache

_kept: OrderedDict[str, Any] = OrderedDict()
_lock = Lock()


class ObjectCache(BaseCache):
    """A stored object is returned as it is, so it must not be changed.

    It can be got, set and cleared; what was asked for longest ago goes first, nothing by its age.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:  # noqa: ARG002
        super().__init__(params)
        self._most = int(params["OPTIONS"]["MAX_ENTRIES"])

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        key = self.make_and_validate_key(key, version=version)
        with _lock:
            if key not in _kept:
                return default
            _kept.move_to_end(key)
            return _kept[key]

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = None,  # noqa: ARG002
        version: int | None = None,
    ) -> None:
        key = self.make_and_validate_key(key, version=version)
        with _lock:
            _kept[key] = value
            _kept.move_to_end(key)
            if len(_kept) > self._most:
                _kept.popitem(last=False)

    def clear(self) -> None:
        with _lock:
            _kept.clear()
