"""Matters about the subject of a page, and the files of its reports.

Both are read once a request and belong to the page's mark: they change without the data's version.
"""

from collections.abc import Sequence

from django.http import HttpRequest

from agencies.policies import Action, SignedInRequest, can
from common.repeated_texts import RepeatedText
from pages.frame import frame_of
from projects.models import Project
from reporting.matters.selectors.lines import MatterLine
from reporting.matters.selectors.list_page import rows_of
from reporting.matters.selectors.related import matters_about
from reporting.matters.selectors.subject_records import SubjectRecords, subject_records
from tasks.models import Task


def matters_of_target(request: SignedInRequest, code: str) -> tuple[MatterLine, ...]:
    """Matters of a target that the reader may see."""
    frame = frame_of(request)

    def read() -> tuple[MatterLine, ...]:
        found = matters_about(target=code, reader=request.user, asof=frame.asof)
        frame.know_state(found.state)
        return found.lines

    return frame.once("matters", read)


def matter_table(request: HttpRequest, lines: Sequence[MatterLine]) -> dict[str, object]:
    """Context of a page's table of matters, with its title."""
    is_open = sum(line.is_open for line in lines)
    state = f"没有办结的{is_open}件" if is_open else "都已办结"
    rows = rows_of(lines, frame_of(request).day)
    return {"matters": rows, "matters_title": f"涉及的事项：{state}"}


def may_raise(request: HttpRequest) -> dict[str, bool]:
    """Whether the page has a button to raise a matter about its subject, and its label."""
    return {
        "may_raise": can(request.user, Action.RAISE_MATTERS),
        "is_bureau": can(request.user, Action.KEEP_MATTERS),
    }


def behind_of(request: HttpRequest, of: type[Task] | type[Project], code: str) -> SubjectRecords:
    """Matters and files of a task or project that the reader may see."""
    frame, reader = frame_of(request), request.user
    moment = frame.asof.until if frame.asof else None

    def read() -> SubjectRecords:
        return subject_records(of=of, code=code, reader=reader, moment=moment)  # type: ignore[arg-type]

    return frame.once("behind", read)


def problems_title(problems: tuple[RepeatedText, ...], found: SubjectRecords) -> str:
    """问题台账：未销号2项, counting problems of reports and matters together."""
    unsolved = sum(run.is_last for run in problems) + found.open_matters
    if unsolved:
        return f"问题台账：未销号{unsolved}项"
    return "问题台账：没有未销号的问题" if problems or found.matters else "问题台账"
