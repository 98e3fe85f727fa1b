"""What the ledger of matters says about the subject of a page, and the files behind it.

Both are read once a request: they change without the version of the data, and mark its pages.
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
    """Those that the reader may see."""
    frame = frame_of(request)

    def read() -> tuple[MatterLine, ...]:
        found = matters_about(target=code, reader=request.user, asof=frame.asof)
        frame.know_state(found.state)
        return found.lines

    return frame.once("matters", read)


def matter_table(request: HttpRequest, lines: Sequence[MatterLine]) -> dict[str, object]:
    """The matters as the table of a page shows them, with its title."""
    is_open = sum(line.is_open for line in lines)
    state = f"没有办结的{is_open}件" if is_open else "都已办结"
    rows = rows_of(lines, frame_of(request).day)
    return {"matters": rows, "matters_title": f"涉及的事项：{state}"}


def may_raise(request: HttpRequest) -> dict[str, bool]:
    """Whether the page has a button to raise a matter about its subject, and in whose words."""
    return {
        "may_raise": can(request.user, Action.RAISE_MATTERS),
        "is_bureau": can(request.user, Action.KEEP_MATTERS),
    }


def behind_of(request: HttpRequest, of: type[Task] | type[Project], code: str) -> SubjectRecords:
    """Matters and files of a task or a project, as far as the reader may see them."""
    frame, reader = frame_of(request), request.user
    moment = frame.asof.until if frame.asof else None

    def read() -> SubjectRecords:
        return subject_records(of=of, code=code, reader=reader, moment=moment)  # type: ignore[arg-type]

    return frame.once("behind", read)


def problems_title(problems: tuple[RepeatedText, ...], found: SubjectRecords) -> str:
    """问题台账：未销号2项, of reports and matters together."""
    unsolved = sum(run.is_last for run in problems) + found.open_matters
    if unsolved:
        return f"问题台账：未销号{unsolved}项"
    return "问题台账：没有未销号的问题" if problems or found.matters else "问题台账"
