"""The frame of a whole page: its day, its basis, the version of the data.

There is one for each request. Views pass its parts on; selectors and rules never see a request.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest

from pages.asof import Asked
from pages.basis import Basis
from plan.models import DataState
from records.asof import AsOf, day_of

Made = TypeVar("Made")
_NAME = "page_frame"
"""The one attribute that a request carries for its page."""


@dataclass
class Frame:
    """What a request asks for, filled in by the decorators of its view.

    `asked` is None if the page does not support other days. `may_keep` is false where the response
    contains what others may not see, or what changes without the data's version.
    """

    asked: Asked | None = None
    basis: Basis = field(default_factory=Basis)
    may_keep: bool = True
    _state: DataState | None = None
    _read: dict[str, Any] = field(default_factory=dict)

    @property
    def asof(self) -> AsOf | None:
        """The past day to show; None for now."""
        return self.asked.asof if self.asked else None

    @property
    def past_day(self) -> datetime.date | None:
        """The day of a workbook; None for today."""
        return self.asof.day if self.asof else None

    @property
    def day(self) -> datetime.date:
        """The day on which the page judges: the past day it shows, else today."""
        return day_of(self.asof)

    @property
    def state(self) -> DataState:
        """The data state, read once and before the data: nothing older than it may be cached."""
        if self._state is None:
            self._state = DataState.current()
        return self._state

    def know_state(self, state: DataState | None) -> None:
        """Keep a data state that was read together with something else; None is ignored.

        The first one stays: a page shows one version.
        """
        if self._state is None:
            self._state = state

    def once(self, name: str, read: Callable[[], Made]) -> Made:
        """The result of `read`, called once a request: a page's mark and its body need the same.

        A name stands for one thing in all requests of a page, whatever `read` was called first.
        """
        if name not in self._read:
            self._read[name] = read()
        found: Made = self._read[name]
        return found


def frame_of(request: HttpRequest) -> Frame:
    """The frame of the request, created on first use."""
    known: dict[str, Any] = vars(request)
    if _NAME not in known:
        known[_NAME] = Frame()
    frame: Frame = known[_NAME]
    return frame
